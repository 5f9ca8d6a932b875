namespace Sluice.Models.Tokenizers.Patterns;

internal enum PatternOp : byte
{
    /// <summary>Takes one code point of the set.</summary>
    One,

    /// <summary>Takes as many of the set as there are, and gives them back one by one.</summary>
    Star,

    /// <summary>Takes as many of the set as there are, and keeps them.</summary>
    StarPossessive,

    /// <summary>Takes one of the set if it is there, and keeps it.</summary>
    MaybePossessive,

    /// <summary>Goes on at A, and at B when that fails.</summary>
    Split,

    /// <summary>Goes on at A.</summary>
    Jump,

    /// <summary>Requires that the next code point is, or for PeekNot is not, of the set; the end of the text is not.</summary>
    Peek,
    PeekNot,

    /// <summary>Requires that the steps behind this one lead to Accept, or for LookNot do not; goes on at A.</summary>
    Look,
    LookNot,

    /// <summary>Requires that the code points before are, or for BehindNot are not, of <see cref="PatternStep.Behind"/>.</summary>
    Behind,
    BehindNot,

    /// <summary>Requires the <see cref="PatternPlace"/> in A.</summary>
    At,

    /// <summary>Notes in register A where a turn of a loop began whose body may match nothing.</summary>
    EnterTurn,

    /// <summary>Leaves the loop for B when the turn noted in register A took nothing.</summary>
    LeaveTurn,

    Accept,
}

/// <param name="Mark">Number of the step among those where a search can branch, or -1.</param>
internal sealed record PatternStep(PatternOp Op, int A = 0, int B = 0, RuneSet? Set = null, RuneSet[]? Behind = null, int Mark = -1);
