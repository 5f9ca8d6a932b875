namespace Sluice.Cli.Models;

/// <summary>A clock that stands still, in the time zone it was set in.</summary>
internal sealed class FixedClock(DateTimeOffset now) : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone { get; } =
        now.Offset == TimeSpan.Zero ? TimeZoneInfo.Utc : TimeZoneInfo.CreateCustomTimeZone("given", now.Offset, "given", "given");

    public override DateTimeOffset GetUtcNow() => now.ToUniversalTime();
}
