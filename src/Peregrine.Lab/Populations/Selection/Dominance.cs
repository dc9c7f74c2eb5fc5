namespace Peregrine.Lab.Populations.Selection;

/// <summary>Sorting by several objectives at once, each the higher the better (NSGA-II, Deb et al. 2002).</summary>
public static class Dominance
{
    /// <summary>The rank of each point: 0 where no other is at least as good in everything and better in something, 1 where only those are, and so on.</summary>
    public static int[] Ranks(IReadOnlyList<double[]> points)
    {
        int n = points.Count;
        var beats = new List<int>[n];
        int[] beatenBy = new int[n], ranks = new int[n];
        for (int i = 0; i < n; i++)
        {
            beats[i] = [];
            for (int j = 0; j < n; j++)
            {
                if (j != i && Dominates(points[i], points[j]))
                {
                    beats[i].Add(j);
                    beatenBy[j]++;
                }
            }
        }

        List<int> front = [.. Enumerable.Range(0, n).Where(i => beatenBy[i] == 0)];
        for (int rank = 0; front.Count > 0; rank++)
        {
            var next = new List<int>();
            foreach (int i in front)
            {
                ranks[i] = rank;
                next.AddRange(beats[i].Where(j => --beatenBy[j] == 0));
            }

            front = next;
        }

        return ranks;
    }

    /// <summary>How lonely each point is among those of its rank: the sum over objectives of the distance between its two neighbours, as a share of the whole span; infinite at the ends.</summary>
    public static double[] Crowding(IReadOnlyList<double[]> points, int[] ranks)
    {
        var crowding = new double[points.Count];
        foreach (IGrouping<int, int> front in Enumerable.Range(0, points.Count).GroupBy(i => ranks[i]))
        {
            int[] order = [.. front];
            for (int k = 0; k < points[0].Length; k++)
            {
                int objective = k;
                Array.Sort(order, (a, b) => points[a][objective].CompareTo(points[b][objective]) is var c and not 0 ? c : a.CompareTo(b));
                double span = points[order[^1]][k] - points[order[0]][k];
                crowding[order[0]] = crowding[order[^1]] = double.PositiveInfinity;
                for (int i = 1; i + 1 < order.Length && span > 0; i++)
                {
                    crowding[order[i]] += (points[order[i + 1]][k] - points[order[i - 1]][k]) / span;
                }
            }
        }

        return crowding;
    }

    /// <summary>True when <paramref name="a"/> is at least as good as <paramref name="b"/> in everything and better in something.</summary>
    public static bool Dominates(double[] a, double[] b)
    {
        bool better = false;
        for (int k = 0; k < a.Length; k++)
        {
            if (a[k] < b[k])
            {
                return false;
            }

            better |= a[k] > b[k];
        }

        return better;
    }
}
