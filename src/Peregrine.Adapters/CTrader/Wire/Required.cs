using System.Collections;
using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Peregrine.Adapters.CTrader.Wire;

/// <summary>Fields that the protocol requires: the library reads and writes messages without them and says nothing.</summary>
public static class Required
{
    /// <summary>By message, what has to be looked at: its required fields, and those whose messages may have some.</summary>
    private static readonly ConcurrentDictionary<MessageDescriptor, FieldDescriptor[]> Looked = [];

    /// <summary>The first required field that is not set, in the message or in one inside it, by its path; null where none is.</summary>
    public static string? Missing(IMessage message)
    {
        foreach (FieldDescriptor field in Fields(message.Descriptor))
        {
            if (field.IsRequired && !field.Accessor.HasValue(message))
            {
                return field.Name;
            }

            if (field.FieldType == FieldType.Message && Inside(field, message) is { } path)
            {
                return path;
            }
        }

        return null;
    }

    private static FieldDescriptor[] Fields(MessageDescriptor message) =>
        Looked.TryGetValue(message, out FieldDescriptor[]? known) ? known : Looked.GetOrAdd(message, static m => [.. m.Fields.InDeclarationOrder().Where(static f => f.IsRequired || f.FieldType == FieldType.Message)]);

    private static string? Inside(FieldDescriptor field, IMessage message)
    {
        if (!field.IsRepeated)
        {
            return field.Accessor.HasValue(message) && Missing((IMessage)field.Accessor.GetValue(message)) is { } one ? $"{field.Name}.{one}" : null;
        }

        var items = (IList)field.Accessor.GetValue(message);
        for (int i = 0; i < items.Count; i++)
        {
            if (Missing((IMessage)items[i]!) is { } path)
            {
                return $"{field.Name}[{i}].{path}";
            }
        }

        return null;
    }
}
