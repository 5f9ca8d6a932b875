using System.Diagnostics;
using Sluice.Core.Backend;
using Sluice.Core.Memory;
using Sluice.Core.Quant;

namespace Sluice.Core.Profiling;

/// <summary>
/// Where the time of a backend's operations went: filled by the <see cref="ProfilingDevice"/>'s backends, read by whoever made it. Nothing is allocated for an
/// operation that was seen before.
/// </summary>
public sealed class Profile
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Tally> _operations = [];
    private readonly Dictionary<Weight, Tally> _products = []; // by the first of the weights that share an input
    private readonly Dictionary<Weight, TensorView> _views = [];

    /// <summary>Forgets what was counted, not which weights there are.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _operations.Clear();
            _products.Clear();
        }
    }

    /// <summary>What was counted since the last reset, dearest first; products of the same name are one entry.</summary>
    /// <param name="nameOf">What to call a weight that was loaded from a view. Layers whose weights are called alike are counted together.</param>
    public IReadOnlyList<ProfiledOperation> Read(Func<TensorView, string> nameOf)
    {
        lock (_gate)
        {
            var products = _products.Values.Select(tally => (Name: string.Join(" + ", tally.Weights.Select(weight => nameOf(_views[weight]))), tally));
            return [.. products
                .Concat(_operations.Select(operation => (Name: operation.Key, tally: operation.Value)))
                .GroupBy(entry => entry.Name, entry => entry.tally)
                .Select(group => new ProfiledOperation(
                    group.Key, group.Sum(t => t.Calls), Stopwatch.GetElapsedTime(0, group.Sum(t => t.Ticks)), group.Sum(t => t.Operations), group.Sum(t => t.WeightBytes)))
                .OrderByDescending(operation => operation.Time)];
        }
    }

    internal void Remember(Weight weight, TensorView view)
    {
        lock (_gate)
            _views[weight] = view;
    }

    /// <param name="began">The timestamp before the operation; it ended now.</param>
    internal void Add(string operation, long began)
    {
        long ticks = Stopwatch.GetTimestamp() - began;
        lock (_gate)
        {
            if (!_operations.TryGetValue(operation, out var tally))
                _operations[operation] = tally = new Tally([]);
            tally.Add(ticks, 0, 0);
        }
    }

    internal void AddProducts(ReadOnlySpan<Projection> projections, int rows, long began)
    {
        long ticks = Stopwatch.GetTimestamp() - began;
        if (projections.IsEmpty)
            return;
        long elements = 0, bytes = 0;
        foreach (var projection in projections)
        {
            elements += Elements(projection.Weight);
            bytes += Bytes(projection.Weight);
        }
        lock (_gate)
        {
            if (!_products.TryGetValue(projections[0].Weight, out var tally))
            {
                var weights = new Weight[projections.Length];
                for (int i = 0; i < weights.Length; i++)
                    weights[i] = projections[i].Weight;
                _products[weights[0]] = tally = new Tally(weights);
            }
            tally.Add(ticks, 2 * elements * rows, bytes);
        }
    }

    internal void AddExperts(ExpertWeights experts, int used, int rows, long began)
    {
        long ticks = Stopwatch.GetTimestamp() - began;
        Weight gate = experts.Gate[0], up = experts.Up[0], down = experts.Down[0];
        long elements = Elements(gate) + Elements(up) + Elements(down), bytes = Bytes(gate) + Bytes(up) + Bytes(down);
        lock (_gate)
        {
            if (!_products.TryGetValue(gate, out var tally))
                _products[gate] = tally = new Tally([gate, up, down]);
            // Which experts were chosen never leaves the backend; several rows read no more than this.
            tally.Add(ticks, 2 * elements * rows * used, bytes * Math.Min((long)rows * used, experts.Gate.Length));
        }
    }

    private static long Elements(Weight weight) => (long)weight.Rows * weight.Cols;

    private static long Bytes(Weight weight) => weight.Rows * BlockFormats.Of(weight.Type).BytesFor(weight.Cols);

    /// <param name="weights">Of a product; none for other operations.</param>
    private sealed class Tally(Weight[] weights)
    {
        public Weight[] Weights { get; } = weights;

        public long Calls { get; private set; }

        public long Ticks { get; private set; }

        public long Operations { get; private set; }

        public long WeightBytes { get; private set; }

        public void Add(long ticks, long operations, long weightBytes)
        {
            Calls++;
            Ticks += ticks;
            Operations += operations;
            WeightBytes += weightBytes;
        }
    }
}
