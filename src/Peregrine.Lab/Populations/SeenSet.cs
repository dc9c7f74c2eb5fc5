using System.Collections.Immutable;


namespace Peregrine.Lab.Populations;

/// <summary>Keys that were seen, and in which order.</summary>
internal sealed class SeenSet
{
    private readonly HashSet<UInt128> keys = [];
    private readonly List<UInt128> order = [];

    public SeenSet(IEnumerable<UInt128> known)
    {
        foreach (UInt128 key in known)
        {
            Add(key);
        }
    }

    public int Count => order.Count;

    public ImmutableArray<UInt128> InOrder => [.. order];

    public bool Contains(UInt128 key) => keys.Contains(key);

    /// <summary>True when the key is new.</summary>
    public bool Add(UInt128 key)
    {
        if (!keys.Add(key))
        {
            return false;
        }

        order.Add(key);
        return true;
    }
}

/// <summary>The appraisals of the behaviours seen last. What it forgets is appraised again with the same result: it saves time and changes nothing.</summary>
internal sealed class AppraisalCache<TWorth> where TWorth : class, IWorth
{
    /// <summary>About 1 000 bytes each.</summary>
    public const int Capacity = 50_000;

    private readonly Dictionary<UInt128, TWorth> known = [];
    private readonly Queue<UInt128> order = [];

    public TWorth? Find(UInt128 behaviour) => known.GetValueOrDefault(behaviour);

    public void Add(TWorth appraisal)
    {
        if (!known.TryAdd(appraisal.Behaviour, appraisal))
        {
            return;
        }

        order.Enqueue(appraisal.Behaviour);
        if (order.Count > Capacity)
        {
            known.Remove(order.Dequeue());
        }
    }
}
