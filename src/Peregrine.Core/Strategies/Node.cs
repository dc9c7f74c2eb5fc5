using System.Runtime.InteropServices;

namespace Peregrine.Core.Strategies;

/// <summary>
/// One node of an expression in postfix order, 16 bytes: which operator, how many nodes the subtree that ends here holds (itself included), and what the operator is set to.
/// <see cref="First"/> and <see cref="Second"/> are the operator's integers (a window, a lag, a step, the ordinal of a choice), <see cref="Constant"/> its real number; 0 when it has none.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Node(ushort Code, ushort Length, ushort First, ushort Second, double Constant)
{
    /// <summary>The row of the catalogue.</summary>
    public Operator Operator => Catalogue.Operators[Code];
}
