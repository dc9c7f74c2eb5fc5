namespace Peregrine.Core.Numerics;

/// <summary>How often something happens in so many independent trials, in each of which it happens with the same probability.</summary>
public static class Binomial
{
    /// <summary>The least number k of times such that it happens at most k times with a probability of at least <paramref name="share"/>.</summary>
    /// <param name="share">Between 0 and 1, the ends excluded.</param>
    /// <param name="trials">At least 0.</param>
    /// <param name="p">The probability in each, from 0 to 1.</param>
    public static int Quantile(double share, int trials, double p)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(trials);
        ArgumentOutOfRangeException.ThrowIfLessThan(p, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(p, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(share, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(share, 1);
        if (p is 0 or 1)
        {
            return p == 0 ? 0 : trials;
        }

        // In logarithms: the first term of many trials is too small to be a number.
        double term = trials * Elementary.LogP1(-p), odds = Elementary.Log(p) - Elementary.LogP1(-p), sum = Elementary.Exp(term);
        int k = 0;
        while (sum < share && k < trials)
        {
            k++;
            term += odds + Elementary.Log((trials - k + 1.0) / k);
            sum += Elementary.Exp(term);
        }

        return k;
    }
}
