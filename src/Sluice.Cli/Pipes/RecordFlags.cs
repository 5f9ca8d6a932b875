using System.CommandLine;
using Sluice.Cli.Flags;
using Sluice.Pipe;
using Sluice.Pipe.Records;
using Sluice.Pipe.Templates;

namespace Sluice.Cli.Pipes;

/// <summary>How the input is taken apart.</summary>
internal sealed class RecordFlags
{
    private const int LeastRecordBytes = 1024;

    private readonly Option<RecordFormat?> _format = Flag.Choice("--input", "What a record is; a line unless told otherwise.",
        ["-i"], ("lines", RecordFormat.Lines), ("nul", RecordFormat.Nul), ("para", RecordFormat.Paragraphs),
        ("jsonl", RecordFormat.JsonLines), ("csv", RecordFormat.Csv), ("tsv", RecordFormat.Tsv), ("files", RecordFormat.Files));

    private readonly Option<string?> _key = Flag.Text("--key",
        "The field or column that is asked about, such as .body or 2; without it the whole record.",
        ".FIELD|N", "-k");

    private readonly Option<EncodingErrors?> _encoding = Flag.Choice("--encoding-errors",
        "What becomes of bytes that are not UTF-8: U+FFFD, \\xNN, or a failed record; replace unless told otherwise.",
        ("replace", EncodingErrors.Replace), ("escape", EncodingErrors.Escape), ("fail", EncodingErrors.Fail));

    private readonly Option<long?> _most = Flag.Bytes("--max-record", "Largest record, 16M unless told otherwise; a larger one fails.");

    public void AddTo(Command command, bool withKey = true)
    {
        command.Add(_format);
        if (withKey)
            command.Add(_key);
        command.Add(_encoding);
        command.Add(_most);
    }

    public RecordSettings Read(ParseResult parsed)
    {
        var defaults = new RecordSettings();
        return defaults with
        {
            Format = parsed.GetValue(_format) ?? defaults.Format,
            EncodingErrors = parsed.GetValue(_encoding) ?? defaults.EncodingErrors,
            MaxRecordBytes = (int)Math.Clamp(parsed.GetValue(_most) ?? defaults.MaxRecordBytes, LeastRecordBytes, 1 << 30),
        };
    }

    /// <summary>The part that is asked about; null for all of a record.</summary>
    /// <exception cref="PipeException">Records of the format have no such part.</exception>
    public Template? ReadKey(ParseResult parsed)
    {
        Template? key = parsed.GetValue(_key) is { } part ? Template.ParseKey(part) : null;
        key?.CheckFormat(Read(parsed).Format);
        return key;
    }
}
