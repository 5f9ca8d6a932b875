using System.Text;
using Microsoft.Extensions.AI;
using Sluice.Protocol.Sources;

namespace Sluice.Local.Clients;

/// <summary>
/// The events of one answer as the platform's contents. It has no pieces of calls, so each waits until it is whole: until the next begins,
/// or the answer ends. For one answer.
/// </summary>
/// <param name="showsThoughts">Whether the application wants them.</param>
internal sealed class ChatCalls(bool showsThoughts)
{
    private readonly StringBuilder _arguments = new();
    private (string Id, string Name)? _call;

    public List<AIContent> ContentsOf(in CompletionEvent e)
    {
        var contents = new List<AIContent>();
        if (showsThoughts && e.Reasoning.Length > 0)
            contents.Add(new TextReasoningContent(e.Reasoning));
        if (e.Text.Length > 0)
            contents.Add(new TextContent(e.Text));
        foreach (var delta in e.ToolCalls ?? [])
        {
            if (delta.Id is { } id)
            {
                End(contents);
                _call = (id, delta.Name!);
            }
            _arguments.Append(delta.Arguments);
        }
        if (e.FinishReason is not null)
            End(contents);
        return contents;
    }

    private void End(List<AIContent> contents)
    {
        if (_call is { } call)
            contents.Add(ChatMessages.CallOf(call.Id, call.Name, _arguments.ToString()));
        _call = null;
        _arguments.Clear();
    }
}
