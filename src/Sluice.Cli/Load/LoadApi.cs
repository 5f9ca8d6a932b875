namespace Sluice.Cli.Load;

/// <summary>Which of OpenAI's endpoints is asked.</summary>
internal enum LoadApi
{
    Chat,
    Completions,
}
