using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Peregrine.Core;

namespace Peregrine.Tests.Adapters.CTrader;

/// <summary>Messages of any kind with anything in them that the protocol allows.</summary>
internal static class AnyMessage
{
    private static readonly long[] Extremes = [0, 1, -1, 100_000, long.MaxValue, long.MinValue];

    /// <summary>One with every required field, and about half of the others.</summary>
    public static IMessage Of(Rng rng, MessageDescriptor descriptor)
    {
        IMessage message = descriptor.Parser.ParseFrom(ReadOnlySpan<byte>.Empty);
        foreach (FieldDescriptor field in descriptor.Fields.InDeclarationOrder())
        {
            if (field.Name == "payloadType" || !(field.IsRequired || rng.NextBool()))
            {
                continue;
            }

            if (!field.IsRepeated)
            {
                field.Accessor.SetValue(message, Value(rng, field));
                continue;
            }

            var items = (IList)field.Accessor.GetValue(message);
            for (int i = rng.NextInt(4); i > 0; i--)
            {
                items.Add(Value(rng, field));
            }
        }

        return message;
    }

    private static object Value(Rng rng, FieldDescriptor field)
    {
        long number = rng.NextInt(3) == 0 ? Extremes[rng.NextInt(Extremes.Length)] : (long)(rng.NextBits() >> rng.NextInt(64));
        return field.FieldType switch
        {
            FieldType.Message => Of(rng, field.MessageType),
            FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, field.EnumType.Values[rng.NextInt(field.EnumType.Values.Count)].Number),
            FieldType.Int32 => (int)number,
            FieldType.Int64 => number,
            FieldType.UInt32 => (uint)number,
            FieldType.UInt64 => (ulong)number,
            FieldType.Double => rng.NextInt(4) == 0 ? 1.0 / 3 : number / 100_000.0,
            FieldType.Bool => rng.NextBool(),
            FieldType.String => rng.NextInt(3) switch { 0 => "", 1 => "größer \"als\" \\ €\n", _ => "EURUSD" },
            _ => throw new NotSupportedException(field.FullName),
        };
    }
}
