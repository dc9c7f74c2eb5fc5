using Peregrine.Core.Performance;
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
}
