namespace Sluice.Pipe.Records;

/// <summary>What becomes of bytes that are not UTF-8. The record stays a record in any case.</summary>
public enum EncodingErrors
{
    /// <summary>U+FFFD stands for them.</summary>
    Replace,

    /// <summary>Each becomes <c>\xNN</c>.</summary>
    Escape,

    /// <summary>The record fails without being sent.</summary>
    Fail,
}
