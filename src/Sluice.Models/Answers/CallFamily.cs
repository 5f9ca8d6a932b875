using Sluice.Models.Answers.Reading;

namespace Sluice.Models.Answers;

/// <summary>Models that write calls alike.</summary>
/// <param name="Name">As a user names it.</param>
/// <param name="Speaks">Whether a chat template is of this family.</param>
/// <param name="Form">How calls are written.</param>
internal sealed record CallFamily(string Name, Func<string, bool> Speaks, ICallForm Form)
{
    /// <summary>How its models write a call, so that an answer can be forced to be one; null where that is not built.</summary>
    public CallSpelling? Spelling { get; init; }

    /// <summary>How its models mark thoughts, where their templates do not show it.</summary>
    public ThoughtTags? Thoughts { get; init; }

    /// <summary>Whether a call that begins among thoughts ends them, instead of being one of them.</summary>
    public bool CallsEndThoughts { get; init; }

    /// <summary>Whether white space before a call is part of the text.</summary>
    public bool KeepsSpace { get; init; }

    /// <summary>Whether ids must have the nine letters and digits that its templates insist on.</summary>
    public bool ShortIds { get; init; }
}
