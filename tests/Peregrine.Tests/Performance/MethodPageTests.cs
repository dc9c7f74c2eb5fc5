using Peregrine.Core.Performance;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Fitness.Adversaries;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Performance;

public class MethodPageTests
{
    [Fact]
    public void Every_metric_is_explained_in_the_method()
    {
        string page = File.ReadAllText(Path.Combine(Needs.Repository, "docs", "method.md"));
        foreach (Metric metric in Metrics.All)
        {
            page.ShouldContain($"`{metric.Name}`");
        }
    }

    [Fact]
    public void Every_adversary_and_every_rejection_is_explained_in_the_method()
    {
        string page = File.ReadAllText(Path.Combine(Needs.Repository, "docs", "method.md"));
        AdversaryTable.All.ShouldAllBe(a => page.Contains($"| {a.Name} |"));
        Enum.GetValues<Rejection>().Where(static r => r != Rejection.None).ShouldAllBe(r => page.Contains($"{(byte)r} `{r}`"));
    }
}
