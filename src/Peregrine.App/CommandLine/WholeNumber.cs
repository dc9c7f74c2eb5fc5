using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Peregrine.App.CommandLine;

/// <summary>Whole numbers on the command line, with the range they lie in: what is none of them is told so in words.</summary>
internal static class WholeNumber
{
    /// <summary>An option that is null where it is not given.</summary>
    public static Option<int?> Option(string name, string description, int low, int high) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => (int?)Parse(result, name, (low, high)),
    };

    public static Argument<long> Argument(string name, string description, long low) => new(name)
    {
        Description = description,
        CustomParser = result => Parse(result, name, (low, long.MaxValue)) ?? 0,
    };

    private static long? Parse(ArgumentResult result, string name, (long Low, long High) range)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= range.Low && number <= range.High)
        {
            return number;
        }

        string reach = range.High == long.MaxValue ? $"of {range.Low} or more" : $"from {range.Low} to {range.High}";
        result.AddError($"{name} is a whole number {reach}; '{text}' is not");
        return null;
    }
}
