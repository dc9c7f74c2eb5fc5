using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;

namespace Peregrine.Adapters.Store.Journal;

/// <summary>
/// Commands and the operator's words as bytes. The numbers are stored: never reuse one. A new order is read back as its <see cref="OrderRequest"/>:
/// only the risk gate makes what a <see cref="SubmitOrder"/> is made of.
/// </summary>
internal static class CommandCodec
{
    private const byte Submit = 1, Amend = 2, Close = 3, Cancel = 4, Reconcile = 5;
    private const byte Halting = 1, Resuming = 2, Flattening = 3, ClosingOne = 4;

    public static void Write(this ByteWriter to, Command command)
    {
        switch (command)
        {
            case SubmitOrder x:
                to.Byte(Submit);
                to.Write(x.Order);
                break;
            case AmendProtection x:
                to.Byte(Amend);
                to.Long(x.PositionId);
                to.Write(x.Stop);
                to.Write(x.Target);
                break;
            case ClosePosition x:
                to.Byte(Close);
                to.Long(x.PositionId);
                to.Write(x.Quantity);
                to.Byte((byte)x.Reason);
                break;
            case CancelOrder x:
                to.Byte(Cancel);
                to.Text(x.ClientOrderId);
                break;
            case RequestReconcile:
                to.Byte(Reconcile);
                break;
            default:
                throw new InvalidOperationException($"The journal does not know {command.GetType().Name}.");
        }
    }

    /// <exception cref="FormatException">The bytes are no command.</exception>
    public static WrittenCommand Command(this ByteReader from)
    {
        byte tag = from.Byte();
        return tag switch
        {
            Submit => new WrittenCommand(from.Order(), null),
            Amend => new WrittenCommand(null, new AmendProtection(from.Long(), from.Price(), from.OptionalPrice())),
            Close => new WrittenCommand(null, new ClosePosition(from.Long(), from.Quantity(), from.Enum<ExitReason>())),
            Cancel => new WrittenCommand(null, new CancelOrder(from.Text())),
            Reconcile => new WrittenCommand(null, new RequestReconcile()),
            _ => throw new FormatException($"there is no command of number {tag}"),
        };
    }

    public static void Write(this ByteWriter to, OperatorWord word)
    {
        switch (word)
        {
            case Halt x:
                to.Byte(Halting);
                to.Text(x.Reason);
                break;
            case Resume:
                to.Byte(Resuming);
                break;
            case Flatten x:
                to.Byte(Flattening);
                to.Flag(x.All);
                break;
            case CloseOne x:
                to.Byte(ClosingOne);
                to.Long(x.PositionId);
                break;
            default:
                throw new InvalidOperationException($"The journal does not know the word {word.GetType().Name}.");
        }
    }

    /// <exception cref="FormatException">The bytes are no word of the operator.</exception>
    public static OperatorWord OperatorWord(this ByteReader from)
    {
        byte tag = from.Byte();
        return tag switch
        {
            Halting => new Halt(from.Text()),
            Resuming => new Resume(),
            Flattening => new Flatten(from.Flag()),
            ClosingOne => new CloseOne(from.Long()),
            _ => throw new FormatException($"there is no word of number {tag}"),
        };
    }
}

/// <summary>A command as it was written: the request of a new order, or any other command; exactly one is set.</summary>
public readonly record struct WrittenCommand(OrderRequest? Order, Command? Other)
{
    public override string ToString() => Order?.ToString() ?? Other?.ToString() ?? "";
}
