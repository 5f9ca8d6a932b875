using System.Runtime.CompilerServices;

namespace Sluice.Models.Answers.Reading;

/// <summary>
/// What is being read from a text that is still being written. Readers are async methods, as if all of the text were there; where it is
/// not yet, they wait, and go on inside the call that brings more of it. Nothing else resumes them: no thread pool, no context, so a
/// reader is a state machine that the compiler writes, and cutting the text otherwise cannot change what it reads.
/// </summary>
[AsyncMethodBuilder(typeof(ReadTaskBuilder<>))]
internal sealed class ReadTask<T> : INotifyCompletion
{
    private T? _result;
    private Exception? _fault;
    private Action? _continuation;

    public bool IsCompleted { get; private set; }

    public ReadTask<T> GetAwaiter() => this;

    public T GetResult() => _fault is null ? _result! : throw _fault;

    public void OnCompleted(Action continuation) => _continuation = continuation;

    public void Complete(T result)
    {
        _result = result;
        End();
    }

    public void Fail(Exception fault)
    {
        _fault = fault;
        End();
    }

    private void End()
    {
        IsCompleted = true;
        _continuation?.Invoke();
    }
}
