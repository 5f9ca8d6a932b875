using System.Text;
using Sluice.Protocol.Sources;

namespace Sluice.Protocol.Dialects;

/// <summary>A call put together from its pieces, of which the first is given.</summary>
internal sealed class FoldedToolCall(ToolCallDelta first)
{
    private readonly StringBuilder _arguments = new(first.Arguments);

    public string Id { get; } = first.Id ?? "";

    public string Name { get; } = first.Name ?? "";

    public string Arguments => _arguments.ToString();

    public void Add(string arguments) => _arguments.Append(arguments);
}
