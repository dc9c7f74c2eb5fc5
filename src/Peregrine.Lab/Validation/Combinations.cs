namespace Peregrine.Lab.Validation;

/// <summary>Ways to choose some of a few things.</summary>
internal static class Combinations
{
    /// <summary>All ways to choose <paramref name="chosen"/> of the numbers below <paramref name="count"/>, each in ascending order, in lexicographic order.</summary>
    public static IEnumerable<int[]> Of(int count, int chosen)
    {
        int[] current = [.. Enumerable.Range(0, chosen)];
        while (true)
        {
            yield return [.. current];
            int at = chosen - 1;
            while (at >= 0 && current[at] == count - chosen + at)
            {
                at--;
            }

            if (at < 0)
            {
                yield break;
            }

            current[at]++;
            for (int i = at + 1; i < chosen; i++)
            {
                current[i] = current[i - 1] + 1;
            }
        }
    }
}
