namespace Sluice.Models.Answers;

public enum AnswerPartKind
{
    /// <summary>What the client is told.</summary>
    Text,

    /// <summary>What the model thought before.</summary>
    Thought,

    /// <summary>A call of a tool begins.</summary>
    Call,

    /// <summary>The next piece of the arguments of the call that began last.</summary>
    Arguments,
}
