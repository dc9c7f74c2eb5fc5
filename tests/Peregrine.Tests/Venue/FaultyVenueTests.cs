using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Tests.App.Trading;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Venue;

/// <summary>Connections that break, answers that are lost, late or told twice, at seeded moments: in the end client and venue hold the same, and no order was placed twice.</summary>
public sealed class FaultyVenueTests
{
    [Theory]
    [InlineData(1, 40)]
    public void After_any_faults_client_and_venue_agree(int first, int count)
    {
        int breaks = 0, fills = 0;
        for (int seed = first; seed < first + count; seed++)
        {
            var room = new FaultyVenueRoom(new PaperScenario((ulong)seed, 600), new Rng((ulong)seed));
            room.Live();
            room.Settle();
            string where = $"seed {seed}: {string.Join("; ", room.Alerts.TakeLast(5))}";
            (Money engine, Money here) = room.Venue.Account(VenueRoom.AccountId).Books;
            here.ShouldBe(engine, where);
            room.Engine.Halted.ShouldBe("flattened by the operator", where);
            room.Engine.Holdings.ShouldBeEmpty(where);
            room.Venue.Account(VenueRoom.AccountId).Positions.ShouldBeEmpty(where);
            room.Engine.Balance.ShouldBe(here, where);
            room.Engine.InStep.ShouldBeTrue(where);
            string[] placed = [.. room.Venue.Account(VenueRoom.AccountId).Orders.Select(o => o.ClientOrderId).Where(id => id.Length > 0)];
            placed.ShouldBeUnique(where);
            room.Unprotected.ShouldBeEmpty(where);
            breaks += room.Breaks;
            fills += room.Engine.Fills;
        }

        breaks.ShouldBeGreaterThan(count);
        fills.ShouldBeGreaterThan(10 * count);
    }
}
