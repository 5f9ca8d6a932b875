using Sluice.Models.Answers.Reading;

namespace Sluice.Models.Answers.Forms;

/// <summary>Any of several forms, told apart by what they begin with.</summary>
internal sealed class EitherCalls : ICallForm
{
    private readonly (ICallForm Form, int Start)[] _starts;

    public EitherCalls(IReadOnlyList<ICallForm> forms)
    {
        _starts = [.. forms.SelectMany(form => Enumerable.Range(0, form.Starts.Count).Select(start => (form, start)))];
        Starts = [.. forms.SelectMany(form => form.Starts)];
        Closers = [.. forms.SelectMany(form => form.Closers).Distinct()];
        Marks = [.. forms.SelectMany(form => form.Marks).Distinct()];
    }

    public IReadOnlyList<string> Starts { get; }

    public IReadOnlyList<string> Closers { get; }

    public IEnumerable<string> Marks { get; }

    public bool OnlyAtStart(int start) => _starts[start].Form.OnlyAtStart(_starts[start].Start);

    public ReadTask<bool> ReadAsync(CallReading call, int start) => _starts[start].Form.ReadAsync(call, _starts[start].Start);
}
