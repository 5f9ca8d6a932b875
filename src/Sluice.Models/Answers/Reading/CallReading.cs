namespace Sluice.Models.Answers.Reading;

/// <summary>What a <see cref="ICallForm"/> reads from and writes to.</summary>
internal sealed class CallReading(AnswerText text, AnswerSink sink, ToolSet tools)
{
    private AnswerSink? _held;

    public AnswerText Text => text;

    public ToolSet Tools => tools;

    /// <summary>From here on it is a call; what was read of it is not text any more.</summary>
    public void Begin(string name, string? id = null)
    {
        if (_held is null)
            text.Forget();
        (_held ?? sink).BeginCall(name, id);
    }

    public void Write(char c) => (_held ?? sink).Add(AnswerPartKind.Arguments, c);

    public void Write(string arguments) => (_held ?? sink).Add(AnswerPartKind.Arguments, arguments);

    /// <summary>Copies the JSON value that follows into the arguments; what is not JSON up to the closer, as it stands.</summary>
    public async ReadTask<bool> CopyJsonAsync(IReadOnlyList<string> closers)
    {
        if (await JsonScan.CopyAsync(text, Write))
            return true;
        await CopyRestAsync(closers);
        return false;
    }

    /// <summary>Copies what is no arguments of any kind, up to a closer or the end.</summary>
    public async ReadTask<int> CopyRestAsync(IReadOnlyList<string> closers) => await Scan.ForAsync(text, closers, Write);

    /// <summary>Calls wait until it is certain that all of them are.</summary>
    public void Hold() => _held = new AnswerSink();

    public void Release()
    {
        text.Forget();
        foreach (var part in _held?.Take() ?? [])
        {
            if (part.Kind == AnswerPartKind.Call)
                sink.BeginCall(part.Text, part.Id);
            else
                sink.Add(part.Kind, part.Text);
        }
        _held = null;
    }

    /// <summary>What waited was no call.</summary>
    public void Drop() => _held = null;
}
