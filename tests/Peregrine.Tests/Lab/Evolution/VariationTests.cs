using System.Text.RegularExpressions;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Evolution.Variation;
using Peregrine.Lab.Populations;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Evolution;

public sealed class VariationTests
{
    private const int Seeds = 10_000;
    private static readonly SizeLimits Limits = new();
    private static readonly Generator Generator = new(Limits, "EURUSD", Timeframe.H1);

    public static TheoryData<string> Operators => [.. VariationTable.Rows.Select(r => r.Name)];

    [Fact]
    public void Grown_strategies_obey_types_and_sizes_and_have_no_constant_of_a_price()
    {
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            ShouldObey(Generator.Strategy(new Rng(seed)));
        }
    }

    [Fact]
    public void A_rule_that_knows_no_direction_buys_or_sells_and_is_never_its_own_opposite()
    {
        (int buys, int sells) = (0, 0);
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            Strategy s = Generator.Strategy(new Rng(seed)).Strategy;
            (s.Long is { } both && both.Equals(s.Short)).ShouldBeFalse(s.ToString());
            buys += s is { Long: { } l, Short: null } && l.Equals(Mirror.Of(l)) ? 1 : 0;
            sells += s is { Short: { } r, Long: null } && r.Equals(Mirror.Of(r)) ? 1 : 0;
        }

        buys.ShouldBeGreaterThan(Seeds / 40);
        sells.ShouldBeGreaterThan(Seeds / 40);
    }

    [Fact]
    public void A_bar_is_mostly_compared_with_the_extreme_of_the_bars_before()
    {
        (int before, int with) = (0, 0);
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            string text = Generator.Rule(new Rng(seed), Clause.Long).ToString();
            before += Regex.Count(text, @" [<>] (highest|lowest)\(\w+, \d+\)\[1\]");
            with += Regex.Count(text, @" [<>] (highest|lowest)\(\w+, \d+\)(?!\[)");
        }

        before.ShouldBeGreaterThan(2 * with);
        with.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Where_a_mirrored_rule_loses_its_direction_it_is_left_to_buy_alone()
    {
        Genome mirrored = Genome.Of(Strategy.Parse("strategy a\nmarket EURUSD H1\nlong when close > open\nshort when close < open\nstop 8 atr(48)"));
        Strategy child = mirrored.With(Clause.Long, Expression.Parse("weekday(tuesday)")).Strategy;
        (child.Long?.ToString(), child.Short).ShouldBe(("weekday(tuesday)", null));

        VariationRow mirror = VariationTable.Rows.Single(static r => r.Name == "mirror");
        Strategy turned = mirror.Apply(new Rng(1), Genome.Of(child), mirrored, Generator)!.Strategy;
        (turned.Long, turned.Short?.ToString()).ShouldBe((null, "weekday(tuesday)"));
        mirror.Apply(new Rng(1), Genome.Of(child with { Short = Expression.Parse("weekday(friday)") }), mirrored, Generator).ShouldBeNull();
    }

    [Fact]
    public void A_side_is_added_and_left_out_like_any_other_clause()
    {
        Genome one = Genome.Of(Strategy.Parse("strategy a\nmarket EURUSD H1\nlong when weekday(tuesday)\nstop 8 atr(48)"));
        Genome two = Genome.Of(one.Strategy with { Short = Expression.Parse("weekday(thursday)") });
        VariationRow toggle = VariationTable.Rows.Single(static r => r.Name == "toggle");
        Strategy[] Children(Genome of) => [.. Enumerable.Range(0, 300).Select(i => toggle.Apply(new Rng((ulong)i), of, of, Generator)).OfType<Genome>().Select(static g => g.Strategy)];
        Children(one).Count(s => s.Long!.Equals(one.Strategy.Long) && s.Short is not null).ShouldBeGreaterThan(20);
        Children(two).Count(static s => s.Long is null).ShouldBeGreaterThan(20);
        Children(two).Count(static s => s.Short is null).ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Without_volume_in_the_data_nothing_grown_or_bred_reads_it()
    {
        var dry = new Generator(Limits with { Volume = false }, "EURUSD", Timeframe.H1);
        var seen = new HashSet<string>();
        for (ulong seed = 0; seed < 2_000; seed++)
        {
            var rng = new Rng(seed);
            Genome parent = dry.Strategy(rng), mate = dry.Strategy(rng);
            Genome child = VariationTable.Breed(rng, parent, mate, dry)?.Child ?? parent;
            foreach (Genome genome in (Genome[])[parent, mate, child])
            {
                genome.Strategy.Expressions().SelectMany(e => e.Nodes).ShouldAllBe(n => !Catalogue.ReadsVolume(n.Operator));
            }

            seen.UnionWith(Generator.Strategy(new Rng(seed)).Strategy.Expressions().SelectMany(e => e.Nodes).Where(n => Catalogue.ReadsVolume(n.Operator)).Select(n => n.Operator.Name));
        }

        seen.ShouldBe(["volume", "vwma", "mfi", "volume_flow"], ignoreOrder: true);
        Catalogue.Operators.Where(Catalogue.ReadsVolume).Select(o => o.Name).ShouldBe(seen, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void A_child_obeys_types_and_sizes_and_the_same_seed_makes_the_same_child(string name)
    {
        VariationRow row = VariationTable.Rows.Single(r => r.Name == name);
        var children = new string?[Seeds];
        for (int seed = 0; seed < Seeds; seed++)
        {
            children[seed] = Child(row, (ulong)seed);
        }

        children.Count(c => c is not null).ShouldBeGreaterThan(Seeds / 20, "an operator that hardly ever applies is no operator");
        Parallel.For(0, Seeds, seed => Child(row, (ulong)seed).ShouldBe(children[seed]));
    }

    [Fact]
    public void Two_rules_that_each_know_one_side_can_become_one_that_knows_both()
    {
        Genome buys = Genome.Of(Strategy.Parse("strategy a\nmarket EURUSD H1\nlong when weekday(tuesday)\nstop 8 atr(48)")), sells = Genome.Of(Strategy.Parse("strategy b\nmarket EURUSD H1\nshort when weekday(thursday)\nstop 8 atr(48)"));
        VariationRow exchange = VariationTable.Rows.Single(static r => r.Name == "exchange");
        Genome[] children = [.. Enumerable.Range(0, 200).Select(i => exchange.Apply(new Rng((ulong)i), buys, sells, Generator)).OfType<Genome>()];
        children.Count(c => Equals(c.Strategy.Long, buys.Strategy.Long) && Equals(c.Strategy.Short, sells.Strategy.Short)).ShouldBeInRange(20, 80);
        children.Count(c => c.Strategy.Long is null).ShouldBeGreaterThan(5, "both entries are taken over at once too");
    }

    [Fact]
    public void Breeding_gives_a_child_unlike_its_parent()
    {
        for (ulong seed = 0; seed < 2_000; seed++)
        {
            var rng = new Rng(seed);
            Genome parent = Generator.Strategy(rng), mate = Generator.Strategy(rng);
            Genome child = VariationTable.Breed(rng, parent, mate, Generator).ShouldNotBeNull().Child;
            ShouldObey(child);
            child.Strategy.Id.ShouldNotBe(parent.Strategy.Id);
        }
    }

    [Fact]
    public void Some_children_are_varied_twice_and_say_so()
    {
        Offspring<Genome>[] children = [.. Enumerable.Range(0, 1_000).Select(i => new Rng((ulong)i)).Select(rng => VariationTable.Breed(rng, Generator.Strategy(rng), Generator.Strategy(rng), Generator)!.Value)];
        children.Count(static c => c.Operator.Contains(' ')).ShouldBeInRange(150, 300);
        children.SelectMany(static c => c.Operator.Split(' ')).ShouldAllBe(static name => VariationTable.Rows.Any(r => r.Name == name));
        children.Where(static c => c.Operator.Split(' ').Any(static name => VariationTable.Rows.Single(r => r.Name == name).TakesTwo)).ShouldAllBe(static c => c.TakesTwo);
    }

    [Fact]
    public void A_strategy_written_by_hand_has_children_though_it_is_larger_than_any_that_is_grown()
    {
        string rule = string.Join(" and ", Enumerable.Range(2, 12).Select(n => $"close > sma(close, {n})"));
        Genome large = Genome.Of(Strategy.Parse($"strategy large\nmarket EURUSD H1\nlong when {rule}\nstop 5 range\nhold at most 9 bars\n"));
        Limits.Admit(large).ShouldBeFalse();
        for (ulong seed = 0; seed < 200; seed++)
        {
            VariationTable.Breed(new Rng(seed), large, large, Generator).ShouldNotBeNull();
        }
    }

    private static string? Child(VariationRow row, ulong seed)
    {
        var rng = new Rng(seed);
        Genome parent = Generator.Strategy(rng), mate = Generator.Strategy(rng);
        Genome? child = row.Apply(rng, parent, mate, Generator);
        if (child is not null)
        {
            ShouldObey(child);
        }

        return child?.Strategy.ToString();
    }

    /// <summary>Reading the text back runs every check of the language, and proves that a genome is its text.</summary>
    private static void ShouldObey(Genome genome)
    {
        Limits.Admit(genome).ShouldBeTrue();
        Genome read = Genome.Of(Strategy.Parse(genome.Strategy.ToString()));
        read.Strategy.ShouldBe(genome.Strategy);
        read.IsMirrored.ShouldBe(genome.IsMirrored);
    }
}
