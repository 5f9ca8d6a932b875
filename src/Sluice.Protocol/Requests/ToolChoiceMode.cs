namespace Sluice.Protocol.Requests;

public enum ToolChoiceMode
{
    /// <summary>The model may call tools.</summary>
    Auto,

    /// <summary>It answers as if there were no tools.</summary>
    None,

    /// <summary>It calls a tool.</summary>
    Required,
}
