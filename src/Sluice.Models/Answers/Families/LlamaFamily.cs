using Sluice.Models.Answers.Forms;
using Sluice.Models.Answers.Reading;

namespace Sluice.Models.Answers.Families;

/// <summary>
/// Llama 3.1 to 3.3: the bare object <c>{"name": …, "parameters": {…}}</c> at the beginning of the answer, several with semicolons between.
/// Nothing marks it, so only an object that names one of the tools is a call. The larger ones also write <c>&lt;|python_tag|&gt;</c> before it,
/// or before <c>f.call(a=…)</c>, and the form of Functionary.
/// </summary>
internal static class LlamaFamily
{
    public static readonly CallFamily Family = new(
        "llama3",
        template => template.Contains("<|start_header_id|>", StringComparison.Ordinal)
            && (template.Contains("<|python_tag|>", StringComparison.Ordinal) || template.Contains("\"parameters\"", StringComparison.Ordinal)),
        new EitherCalls([new BareCalls(), FunctionaryFamily.Family.Form]))
    {
        Spelling = new CallSpelling("{\"name\": \"", "\", \"parameters\": ", "}", Next: "; "),
    };

    private sealed class BareCalls : ICallForm
    {
        private const string Tag = "<|python_tag|>";

        private readonly JsonCalls _json = new([], []) { OnlyKnown = true };
        private readonly PythonCalls _python = new([], []) { OnlyKnown = true };

        public IReadOnlyList<string> Starts { get; } = [Tag, "{"];

        public IReadOnlyList<string> Closers { get; } = [";"];

        public bool OnlyAtStart(int start) => Starts[start] != Tag;

        public async ReadTask<bool> ReadAsync(CallReading call, int start)
        {
            if (Starts[start] == "{")
                return await _json.ReadObjectAsync(call);
            return await call.Text.SkipSpaceAsync() == '{' ? await _json.ReadAsync(call, start) : await _python.ReadOneAsync(call);
        }
    }
}
