namespace Sluice.Pipe.Templates;

/// <summary>Values for the <c>{{name}}</c> of a prompt, as given by <c>-v name=value</c>.</summary>
public static class PromptVariables
{
    /// <exception cref="PipeException">One is not of the form name=value.</exception>
    public static IReadOnlyDictionary<string, string> Parse(IEnumerable<string> given)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string one in given)
        {
            int equals = one.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new PipeException(PipeFault.Usage, $"-v takes NAME=VALUE, not '{one}'");
            variables[one[..equals]] = one[(equals + 1)..];
        }
        return variables;
    }
}
