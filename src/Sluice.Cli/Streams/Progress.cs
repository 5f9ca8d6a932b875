using Spectre.Console;

namespace Sluice.Cli.Streams;

/// <summary>Tells a person at a terminal what is going on, once it takes longer than one waits without wondering.</summary>
internal static class Progress
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Runs the work; a spinner turns on the error stream if that is a terminal and a second has passed.</summary>
    public static async Task<T> ShowAsync<T>(Terminal terminal, string what, Func<Task<T>> work)
    {
        if (!terminal.ErrorIsTerminal)
            return await work();
        Task<T> running = Task.Run(work);
        if (await Task.WhenAny(running, Task.Delay(Patience)) != running)
        {
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) });
            await console.Status().StartAsync(Markup.Escape(what), _ => running);
        }
        return await running;
    }

    public static Task<T> ShowAsync<T>(Terminal terminal, string what, Func<T> work) =>
        ShowAsync(terminal, what, () => Task.FromResult(work()));
}
