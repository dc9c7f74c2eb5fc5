using Peregrine.App;
using Peregrine.App.CommandLine;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App;

public sealed class CompositionTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("/data/fx", " --home /data/fx")]
    [InlineData("my folder", " --home 'my folder'")]
    [InlineData("it's", @" --home 'it'\''s'")]
    public void The_words_that_name_the_home_folder_again_can_be_typed_into_a_shell(string? given, string words)
    {
        using StringWriter nowhere = new();
        new Composition(new Surroundings(nowhere, nowhere, new Dictionary<string, string>(), TimeProvider.System), given, new Dictionary<string, string>()).HomeWords.ShouldBe(words);
    }
}
