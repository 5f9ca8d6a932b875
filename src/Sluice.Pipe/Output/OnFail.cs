namespace Sluice.Pipe.Output;

/// <summary>What stands in the output for a record that failed.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Mark">The text of <see cref="FailAction.Mark"/>.</param>
public sealed record OnFail(FailAction Action, string Mark = "")
{
    /// <summary>The text in place of an answer; null for none at all.</summary>
    internal string? Instead(string record) => Action switch
    {
        FailAction.Drop => null,
        FailAction.Pass => record,
        FailAction.Mark => Mark,
        _ => "",
    };
}
