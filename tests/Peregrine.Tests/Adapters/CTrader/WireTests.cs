using Google.Protobuf.Reflection;
using Peregrine.Adapters.CTrader.Wire;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters.CTrader;

/// <summary>The messages of the Open API as they are generated, against the table of all their fields and values, row by row in both directions.</summary>
public sealed class WireTests
{
    private static readonly FileDescriptor[] Files = [CommonModelReflection.Descriptor, CommonReflection.Descriptor, ModelReflection.Descriptor, MessagesReflection.Descriptor];
    private static readonly Row[] Table = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Oracles", "ctrader_messages.csv")).Skip(1).Select(Row.Parse)];

    [Fact]
    public void Every_row_of_the_table_is_a_field_or_value_and_nothing_else_is()
    {
        Row[] generated =
        [
            .. Files.SelectMany(static f => f.EnumTypes).SelectMany(static e => e.Values.Select(v => new Row(e.Name, "", v.Name, v.Number, "", "", ""))),
            .. Files.SelectMany(static f => f.MessageTypes).SelectMany(static m => m.Fields.InDeclarationOrder().Select(f => Of(m, f))),
        ];
        generated.Length.ShouldBe(858);
        generated.Except(Table).ShouldBeEmpty();
        Table.Except(generated).ShouldBeEmpty();
    }

    [Fact]
    public void Ninety_one_messages_carry_an_id_and_no_two_the_same()
    {
        uint[] ids = [.. Files.SelectMany(static f => f.MessageTypes).Select(IdOf).OfType<uint>()];
        ids.Length.ShouldBe(91);
        ids.Distinct().Count().ShouldBe(91);
        ids.ShouldAllBe(static id => id == 50 || id == 51 || (id >= 2100 && id <= 2188));
    }

    private static Row Of(MessageDescriptor message, FieldDescriptor field)
    {
        FieldDescriptorProto proto = field.ToProto();
        string type = field.FieldType switch { FieldType.Message => field.MessageType.Name, FieldType.Enum => field.EnumType.Name, var simple => simple.ToString().ToLowerInvariant() };
        return new Row(message.Name, IdOf(message)?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "", field.Name, field.FieldNumber, field.IsRepeated ? "repeated" : field.IsRequired ? "required" : "optional", type, proto.HasDefaultValue ? proto.DefaultValue : "");
    }

    /// <summary>The default of the field that says which message it is.</summary>
    private static uint? IdOf(MessageDescriptor message) =>
        message.FindFieldByName("payloadType") is { FieldType: FieldType.Enum } own ? (uint)own.EnumType.FindValueByName(own.ToProto().DefaultValue).Number : null;

    private sealed record Row(string Message, string Id, string Field, int Number, string Label, string Type, string Default)
    {
        public static Row Parse(string line)
        {
            // The meaning is last, and the only column that may hold a comma.
            string[] cells = line.Split(',', 9);
            return new Row(cells[0], cells[2], cells[3], int.Parse(cells[4], System.Globalization.CultureInfo.InvariantCulture), cells[5], cells[6], cells[7]);
        }
    }
}
