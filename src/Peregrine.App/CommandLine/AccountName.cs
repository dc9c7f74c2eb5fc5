namespace Peregrine.App.CommandLine;

/// <summary>The name of an account on the command line; it becomes part of file names.</summary>
internal static class AccountName
{
    /// <summary>The account of the paper broker, where none is named.</summary>
    public const string Paper = "paper";

    private const int Longest = 40;

    /// <exception cref="WrongUsage">It is too long or holds other characters.</exception>
    public static string Checked(string name) => name.Length is > 0 and <= Longest && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        ? name
        : throw new WrongUsage($"--account is a name of letters, digits, '-', '_' and '.', of at most {Longest}; '{name}' is not.");
}
