namespace Peregrine.App.Diagnosis;

/// <summary>One thing that was looked at: whether it is well, what was seen, and what to do when it is not.</summary>
public sealed record Check(string Name, bool Ok, string Detail, string? Fix);
