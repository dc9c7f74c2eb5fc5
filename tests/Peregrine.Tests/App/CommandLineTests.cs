using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Peregrine.Adapters;
using Peregrine.App;
using Peregrine.App.CommandLine;
using Peregrine.Core;
using Peregrine.Core.Market;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App;

public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public void Every_verb_has_a_purpose_and_an_example_that_parses()
    {
        Program.Tree.Leaves.ShouldNotBeEmpty();
        foreach (Command leaf in Program.Tree.Leaves)
        {
            Verb verb = leaf.ShouldBeOfType<Verb>();
            verb.Description.ShouldNotBeNullOrWhiteSpace(verb.Name);
            verb.Example.ShouldStartWith("./peregrine ");
            ParseResult parse = Program.Tree.Parse([.. CommandLineParser.SplitCommandLine(verb.Example["./peregrine ".Length..])]);
            parse.Errors.ShouldBeEmpty(verb.Example);
            parse.CommandResult.Command.ShouldBe(verb, verb.Example);
        }
    }

    [Theory]
    [InlineData("", "A verb is missing. Run './peregrine --help'")]
    [InlineData("fly", "There is no 'fly' in './peregrine'.")]
    [InlineData("doctor now", "Unrecognized command or argument 'now'. Run './peregrine doctor --help'")]
    [InlineData("doctor --home", "Required argument missing for option: '--home'.")]
    [InlineData("doctor --quiet --verbose", "--quiet and --verbose exclude each other.")]
    public async Task Wrong_usage_is_one_sentence_and_exit_code_2(string line, string expected)
    {
        CommandLineCall call = await CommandLineCall.Of(home.Path, line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        call.Code.ShouldBe(ExitCode.WrongUsage);
        call.Error.ShouldStartWith(expected);
        call.Error.TrimEnd().Split('\n').Length.ShouldBe(1);
        call.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task With_json_even_wrong_usage_is_one_document_on_stdout()
    {
        CommandLineCall call = await CommandLineCall.Of(home.Path, "fly", "--json");
        call.Json.GetProperty("exitCode").GetInt32().ShouldBe(2);
        call.Json.GetProperty("error").GetString().ShouldBe(call.Error.TrimEnd());
    }

    [Fact]
    public async Task Help_ends_with_the_example()
    {
        CommandLineCall call = await CommandLineCall.Of(home.Path, "doctor", "--help");
        call.Code.ShouldBe(ExitCode.Done);
        call.Out.TrimEnd().ShouldEndWith("Example:\n  ./peregrine doctor --json");
        call.Error.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("data", "Examples:\n  ./peregrine data ")]
    [InlineData("strategies", "Examples:\n  ./peregrine strategies ")]
    [InlineData("sessions", "Example:\n  ./peregrine sessions list")]
    [InlineData("", "Example:\n  ./peregrine demo")]
    public async Task Help_of_a_group_has_examples_too(string group, string said) =>
        (await CommandLineCall.Of(home.Path, [.. group.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"])).Out.ShouldContain(said);

    [Theory]
    [InlineData("150.123", 3, "150.123")]
    [InlineData("150.1", 3, "150.100")]
    [InlineData("150.1234567", 3, "150.1234567")]
    [InlineData("1.1", 5, "1.10000")]
    [InlineData("2000", 0, "2000")]
    public void Prices_have_the_digits_of_their_instrument(string price, int digits, string text) =>
        PriceText.Of(decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture), digits).ShouldBe(text);

    [Fact]
    public async Task A_known_failure_is_a_sentence_a_bug_asks_for_a_report_and_only_verbose_shows_a_trace()
    {
        (await EndOf(new KnownFailure("Cannot fly", "no wings", "grow some"))).ShouldBe((ExitCode.Failed, "Cannot fly: no wings; grow some.\n", ""));
        (await EndOf(new WrongUsage("--to is before --from."))).Code.ShouldBe(ExitCode.WrongUsage);
        (await EndOf(new IOException("No space left on device."))).Error.ShouldStartWith("Cannot go on: No space left on device;");
        (ExitCode code, string error, _) = await EndOf(new InvalidOperationException("odd"));
        code.ShouldBe(ExitCode.Failed);
        error.ShouldStartWith("Peregrine has a bug (InvalidOperationException: odd);");
        error.ShouldNotContain(" at ");
        (await EndOf(new InvalidOperationException("odd"), "--verbose")).Error.ShouldContain("   at ");
        (await EndOf(new KnownFailure("Cannot fly", "no wings", "grow some"), "--json")).Out.ShouldContain("\"error\": \"Cannot fly");
    }

    [Fact]
    public async Task A_stop_asked_for_by_the_user_is_exit_code_130_unless_the_verb_came_to_its_end()
    {
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        (await Run((_, token) => throw new OperationCanceledException(token), stop.Token)).Code.ShouldBe(ExitCode.Stopped);
        (await Run((_, _) => ExitCode.Done, stop.Token)).Code.ShouldBe(ExitCode.Done);
        (await Run((_, _) => ExitCode.Failed, stop.Token)).Code.ShouldBe(ExitCode.Failed);
    }

    [Fact]
    public async Task A_verb_answers_once()
    {
        (ExitCode code, string error, string output) = await Run(
            (call, _) =>
            {
                call.Terminal.Answer(new { first = true }, _ => { });
                call.Terminal.Answer(new { first = false }, _ => { });
                return ExitCode.Done;
            },
            CancellationToken.None,
            "--json");
        code.ShouldBe(ExitCode.Failed);
        error.ShouldContain("A verb answers once");
        JsonDocument.Parse(output).RootElement.GetProperty("first").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public void Documents_write_domain_values_the_way_scripts_expect()
    {
        string json = JsonSerializer.Serialize(
            new
            {
                EntryTime = Instant.FromUtc(2019, 2, 4, 13, 30),
                Price = Price.Parse("1.1"),
                Profit = new Money(-12.5m, Currency.Usd),
                Quantity = Quantity.FromUnits(1000),
                Timeframe = Timeframe.M15,
                Verdict = ExitCode.AnswerIsNo,
                Sharpe = (double?)null,
            },
            JsonShape.Options).ReplaceLineEndings("").Replace("  ", "", StringComparison.Ordinal);
        json.ShouldBe("""{"entryTime": "2019-02-04T13:30:00Z","price": "1.10000","profit": "-12.50 USD","quantity": 1000,"timeframe": "M15","verdict": "answer-is-no","sharpe": null}""");
    }

    private Task<(ExitCode Code, string Error, string Out)> EndOf(Exception fault, params string[] words) =>
        Run((_, _) => throw fault, CancellationToken.None, words);

    private async Task<(ExitCode Code, string Error, string Out)> Run(Func<VerbCall, CancellationToken, ExitCode> body, CancellationToken stop, params string[] words)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        Surroundings here = new(output, error, new Dictionary<string, string> { ["PEREGRINE_HOME"] = home.Path }, TimeProvider.System);
        ExitCode code = await Program.Run(["probe", .. words], here, new CommandTree([() => new Verb("probe", "A verb of this test", "./peregrine probe", body)]), stop);
        return (code, error.ToString(), output.ToString());
    }
}
