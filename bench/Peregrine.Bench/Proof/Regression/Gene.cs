using System.Runtime.InteropServices;

namespace Peregrine.Bench.Proof.Regression;

/// <summary>What a node of a formula does.</summary>
public enum Symbol : byte
{
    Constant = 0,
    Variable = 1,
    Add = 2,
    Subtract = 3,
    Multiply = 4,
    Divide = 5,
    Sin = 6,
    Cos = 7,
    Exp = 8,
    Log = 9,
    Root = 10,
    Square = 11,
}

/// <summary>One node of a formula in postfix order, 16 bytes: the subtree that ends here holds <see cref="Length"/> nodes, itself included.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Gene(Symbol Symbol, byte Variable, ushort Length, double Constant)
{
    public int Arity => Symbol.Arity();

    public static Gene Number(double value) => new(Symbol.Constant, 0, 1, value);

    public static Gene Of(int variable) => new(Symbol.Variable, (byte)variable, 1, 0);
}

/// <summary>Facts about symbols.</summary>
public static class Symbols
{
    private static readonly string[] Words = ["", "x", "+", "-", "*", "/", "sin", "cos", "exp", "log", "sqrt", "square"];

    public static int Arity(this Symbol symbol) => symbol < Symbol.Add ? 0 : symbol < Symbol.Sin ? 2 : 1;

    public static string Word(this Symbol symbol) => Words[(int)symbol];

    /// <summary>The symbol of an operator's word.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static Symbol Parse(string word) => Array.IndexOf(Words, word, (int)Symbol.Add) is >= 0 and int i ? (Symbol)i : throw new FormatException($"'{word}' is no operator of a formula.");
}
