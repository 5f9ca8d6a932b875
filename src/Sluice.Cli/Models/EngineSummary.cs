using Sluice.Cli.Flags;
using Sluice.Engine;
using Sluice.Local;

namespace Sluice.Cli.Models;

/// <summary>What an opened model may use, as planned: one line for people.</summary>
internal static class EngineSummary
{
    public static string Of(LocalModel model)
    {
        EngineOptions options = model.Engine.Options;
        string kept =
            options.Retention.KeepsAll ? "" : $" of which {options.Retention.Sinks} first and {options.Retention.Window} last are kept";
        return $"{model.Name}: context {options.ContextTokens} tokens{kept}, " +
            $"KV {ByteSize.Format(options.KvBytes)} in {options.KvType} for " +
            $"{model.Engine.KvTokens} tokens, {options.MaxSequences} at once; {ByteSize.Format(model.Device.Memory.FreeBytes)} of " +
            $"{ByteSize.Format(model.Device.Memory.CapacityBytes)} left on {model.Device.Name}";
    }
}
