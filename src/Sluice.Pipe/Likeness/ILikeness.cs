using Sluice.Pipe.Asking;
using Sluice.Pipe.Records;

namespace Sluice.Pipe.Likeness;

/// <summary>Says which records count as the same. For one thread: it may remember what it has seen.</summary>
public interface ILikeness
{
    /// <summary>The same key for records that count as the same.</summary>
    QuestionKey KeyOf(Record record);
}
