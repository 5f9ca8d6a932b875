namespace Sluice.Pipe.Records;

/// <summary>What one record of the input is.</summary>
public enum RecordFormat
{
    /// <summary>A line, ended by LF or CRLF.</summary>
    Lines,

    /// <summary>What lies between NUL bytes.</summary>
    Nul,

    /// <summary>Lines up to a blank one.</summary>
    Paragraphs,

    /// <summary>A line that is one JSON value.</summary>
    JsonLines,

    /// <summary>A row of RFC 4180; the first row names the columns.</summary>
    Csv,

    /// <summary>A line of values with tabs between them, unquoted; the first line names the columns.</summary>
    Tsv,

    /// <summary>A line that names a file, whose content is the record's text.</summary>
    Files,
}
