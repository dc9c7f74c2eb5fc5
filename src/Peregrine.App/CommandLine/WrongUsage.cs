namespace Peregrine.App.CommandLine;

/// <summary>Arguments that parse one by one and make no sense together; the message is one sentence for the person who typed them.</summary>
public sealed class WrongUsage(string sentence) : Exception(sentence);
