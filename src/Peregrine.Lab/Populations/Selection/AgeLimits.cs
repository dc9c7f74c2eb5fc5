namespace Peregrine.Lab.Populations.Selection;

/// <summary>How old, in generations since the oldest ancestor was made, the members of each layer may be (ALPS with polynomial ageing, Hornby 2006).</summary>
public static class AgeLimits
{
    /// <summary>The gap times 1, 2, 4, 9, 16, 25 …; the last layer holds any age.</summary>
    public static int Of(int layer, int layers, int gap) => layer == layers - 1 ? int.MaxValue : gap * (layer < 2 ? layer + 1 : layer * layer);
}
