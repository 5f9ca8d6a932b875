using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Sluice.Models.Answers.Reading;

/// <summary>What the compiler drives an async method that returns a <see cref="ReadTask{T}"/> with.</summary>
[SuppressMessage("Performance", "CA1822", Justification = "The compiler calls all of them on an instance.")]
internal struct ReadTaskBuilder<T>
{
    private ReadTask<T>? _task;
    private Action? _resume;

    public static ReadTaskBuilder<T> Create() => default;

    public ReadTask<T> Task => _task ??= new ReadTask<T>();

    public readonly void Start<TMachine>(ref TMachine machine) where TMachine : IAsyncStateMachine => machine.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine machine) { }

    public void SetResult(T result) => Task.Complete(result);

    public void SetException(Exception fault) => Task.Fail(fault);

    public void AwaitOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine machine)
        where TAwaiter : INotifyCompletion
        where TMachine : IAsyncStateMachine
    {
        if (_resume is null)
        {
            // The machine holds this builder, so both must know task and box before the machine is copied into the box.
            _ = Task;
            var box = new Box<TMachine>();
            _resume = box.Resume;
            box.Machine = machine;
        }
        awaiter.OnCompleted(_resume);
    }

    public void AwaitUnsafeOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine machine)
        where TAwaiter : ICriticalNotifyCompletion
        where TMachine : IAsyncStateMachine => AwaitOnCompleted(ref awaiter, ref machine);

    /// <summary>The method's variables, once it had to wait.</summary>
    private sealed class Box<TMachine> where TMachine : IAsyncStateMachine
    {
        public TMachine Machine = default!;

        public void Resume() => Machine.MoveNext();
    }
}
