using System.Collections.Frozen;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Peregrine.Adapters.CTrader.Wire;

/// <summary>Bytes or text of a peer that are no message of the protocol. The connection they came on cannot be trusted any further, unless the caller knows better.</summary>
public sealed class WireFault : Exception
{
    public WireFault(string message)
        : base(message)
    {
    }

    public WireFault(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>Which message each payload type is, and messages in and out of their envelope.</summary>
public static class Payloads
{
    private static readonly FrozenDictionary<uint, MessageDescriptor> Known =
        new[] { CommonReflection.Descriptor, MessagesReflection.Descriptor }.SelectMany(static f => f.MessageTypes)
            .Select(static m => (Type: Declared(m), Message: m)).Where(static p => p.Type is not null).ToFrozenDictionary(static p => p.Type!.Value, static p => p.Message);

    private static readonly FrozenDictionary<MessageDescriptor, uint> Types = Known.ToFrozenDictionary(static k => k.Value, static k => k.Key);

    /// <summary>Every message that travels in an envelope of its own.</summary>
    public static IEnumerable<MessageDescriptor> All => Known.Values;

    /// <summary>The message of a payload type; null of one that this version does not know.</summary>
    public static MessageDescriptor? Find(uint type) => Known.GetValueOrDefault(type);

    /// <summary>The payload type of a message.</summary>
    /// <exception cref="ArgumentException">It only travels inside others.</exception>
    public static uint TypeOf(IMessage message) =>
        Types.TryGetValue(message.Descriptor, out uint type) ? type : throw new ArgumentException($"{message.Descriptor.Name} travels only inside other messages.", nameof(message));

    /// <summary>The payload type of a message that lacks nothing.</summary>
    /// <exception cref="ArgumentException">A field that the protocol requires is not set, or the message only travels inside others.</exception>
    public static uint Checked(IMessage message) => Required.Missing(message) is { } missing
        ? throw new ArgumentException($"{message.Descriptor.Name} lacks {missing}, which the protocol requires.", nameof(message))
        : TypeOf(message);

    /// <summary>A message in its envelope.</summary>
    /// <exception cref="ArgumentException">A field that the protocol requires is not set, or the message only travels inside others.</exception>
    public static ProtoMessage Wrap(IMessage message, string? clientMsgId = null)
    {
        var envelope = new ProtoMessage { PayloadType = Checked(message), Payload = message.ToByteString() };
        if (clientMsgId is not null)
        {
            envelope.ClientMsgId = clientMsgId;
        }

        return envelope;
    }

    /// <summary>The message in an envelope; null of a type that this version does not know.</summary>
    /// <exception cref="WireFault">It is no such message, or lacks a field that the protocol requires.</exception>
    public static IMessage? Unwrap(ProtoMessage envelope)
    {
        if (Find(envelope.PayloadType) is not { } descriptor)
        {
            return null;
        }

        try
        {
            IMessage message = descriptor.Parser.ParseFrom(envelope.Payload);
            return Required.Missing(message) is { } missing ? throw new WireFault($"{descriptor.Name} lacks {missing}, which the protocol requires") : message;
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new WireFault($"what was said to be {descriptor.Name} is not", fault);
        }
    }

    /// <summary>The default of the field that says which message it is; null of one without.</summary>
    private static uint? Declared(MessageDescriptor message) =>
        message.FindFieldByName("payloadType") is { FieldType: FieldType.Enum } own ? (uint)own.EnumType.FindValueByName(own.ToProto().DefaultValue).Number : null;
}
