namespace Peregrine.Core.Simulation;

/// <summary>
/// What one run of the fast loop after another writes into: its trades and marks. One per thread; a result is good until the next run in the same rooms.
/// </summary>
public sealed class FastRooms
{
    internal Rows<FastTrade> Trades { get; } = new();

    internal Rows<EquityMark> Marks { get; } = new();

    internal int Run { get; private set; }

    /// <summary>Empties the rooms for another run.</summary>
    internal FastRooms Next()
    {
        Trades.Clear();
        Marks.Clear();
        Run++;
        return this;
    }

    /// <summary>These rooms, while they hold what run number <paramref name="run"/> wrote.</summary>
    internal FastRooms Of(int run) => run == Run ? this : throw new InvalidOperationException("The rooms of this result have been used for another run since.");

    /// <summary>A list of structs that keeps its array when it is emptied.</summary>
    internal sealed class Rows<T>
        where T : struct
    {
        private T[] items = new T[16];

        public int Count { get; private set; }

        public ReadOnlySpan<T> Items => items.AsSpan(0, Count);

        /// <summary>The next row, to be written.</summary>
        public ref T Add()
        {
            if (Count == items.Length)
            {
                Array.Resize(ref items, 2 * Count);
            }

            return ref items[Count++];
        }

        public void Clear() => Count = 0;
    }
}
