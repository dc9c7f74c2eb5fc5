namespace Peregrine.Core.Strategies;

/// <summary>
/// Columns of one length kept under a number, at most <see cref="Capacity"/> of them: the least recently used makes room. What was used in the present round stays to its end,
/// even beyond the capacity. For one thread.
/// </summary>
internal sealed class Shelf<T>(int length, int capacity) where T : unmanaged
{
    private readonly Dictionary<int, LinkedListNode<Column>> known = [];
    private readonly LinkedList<Column> byUse = new();
    private LinkedListNode<Column>? firstInUse;
    private int round;

    private sealed record Column(ArraySegment<T> Values)
    {
        public int Number { get; set; }

        public int Round { get; set; }
    }

    public int Capacity => capacity;

    /// <summary>Columns in existence.</summary>
    public int Held => byUse.Count;

    /// <summary>Columns used in this round.</summary>
    public int InUse { get; private set; }

    /// <summary>The column kept under this number, which from now on is in use.</summary>
    public bool TryUse(int number, out ArraySegment<T> values)
    {
        values = default;
        if (known.TryGetValue(number, out LinkedListNode<Column>? node))
        {
            Use(node);
            values = node.Value.Values;
        }

        return node is not null;
    }

    /// <summary>A column to be kept under this number from now on, holding anything.</summary>
    public ArraySegment<T> Place(int number)
    {
        LinkedListNode<Column> node;
        if (byUse.First is { } oldest && oldest.Value.Round != round && (byUse.Count >= capacity || oldest.Value.Number < 0))
        {
            known.Remove(oldest.Value.Number);
            node = oldest;
        }
        else
        {
            node = byUse.AddLast(new Column(Aligned.Array<T>(length)) { Round = round - 1 });
        }

        node.Value.Number = number;
        known.Add(number, node);
        Use(node);
        return node.Value.Values;
    }

    /// <summary>Takes back the latest uses but so many: those columns may make room again, after all that were used in no round as late.</summary>
    public void Release(int inUse)
    {
        for (; InUse > inUse; InUse--)
        {
            LinkedListNode<Column> node = byUse.Last!;
            node.Value.Round = round - 1;
            if (node != firstInUse)
            {
                byUse.RemoveLast();
                byUse.AddBefore(firstInUse!, node);
            }
        }
    }

    /// <summary>Nothing is in use any more, and there are no more than the capacity.</summary>
    public void EndRound()
    {
        round++;
        InUse = 0;
        while (byUse.Count > capacity)
        {
            known.Remove(byUse.First!.Value.Number);
            byUse.RemoveFirst();
        }
    }

    /// <summary>Forgets what the columns hold; they are used again before new ones are made.</summary>
    public void Clear()
    {
        EndRound();
        known.Clear();
        foreach (Column column in byUse)
        {
            column.Number = -1;
        }
    }

    private void Use(LinkedListNode<Column> node)
    {
        if (node.Value.Round != round)
        {
            node.Value.Round = round;
            byUse.Remove(node);
            byUse.AddLast(node);
            firstInUse = InUse++ == 0 ? node : firstInUse;
        }
    }
}
