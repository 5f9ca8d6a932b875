using Sluice.Core.Backend;
using Sluice.Cpu.Memory;

namespace Sluice.Cpu.Linear;

/// <summary>
/// What adapters add to products, of any number of adapters in two parallel regions: first every term's rows down to its rank, then up again.
/// Rows are read where they lie, a stretch at a time, so nothing is gathered; each term is a product of its own, so that its bits do not
/// depend on the others.
/// </summary>
internal sealed unsafe class LowRankProducts(PreparedInputs inputs, MatrixJob job, BackendMemory memory) : IDisposable
{
    private readonly Scratch _scratch = new(memory, "rows of low rank");

    public void Add(CpuTensor x, ReadOnlySpan<LowRankTerm> terms)
    {
        long floats = 0;
        foreach (var term in terms)
        {
            Check(x, term);
            floats += (long)term.Rows * term.Up.Cols;
        }
        float* middle = (float*)_scratch.Take(floats * sizeof(float));

        inputs.Clear();
        foreach (var term in terms)
            Request(Rows(x, term), term.Down);
        inputs.Prepare();
        job.Clear();
        float* at = middle;
        foreach (var term in terms)
        {
            job.Add(Product(Rows(x, term), term.Down, at, term.Up.Cols));
            at = Clear(term, at);
        }
        job.Run();

        inputs.Clear();
        at = middle;
        foreach (var term in terms)
        {
            Request(Ranks(term, at), term.Up);
            at += (long)term.Rows * term.Up.Cols;
        }
        inputs.Prepare();
        job.Clear();
        at = middle;
        foreach (var term in terms)
        {
            var output = CpuTensor.Of(term.Output);
            var product = Product(Ranks(term, at), term.Up, output.Row(term.FirstRow), output.Stride);
            product.Adds = true;
            product.Scale = term.Scale;
            job.Add(product);
            at += (long)term.Rows * term.Up.Cols;
        }
        job.Run();
    }

    public void Dispose() => _scratch.Dispose();

    private static Operand Rows(CpuTensor x, in LowRankTerm term) =>
        new() { X = x.Row(term.FirstRow), Stride = x.Stride, Rows = term.Rows, Cols = x.Cols };

    private static Operand Ranks(in LowRankTerm term, float* at) =>
        new() { X = at, Stride = term.Up.Cols, Rows = term.Rows, Cols = term.Up.Cols };

    /// <summary>Most weights of adapters are floats, whose kernels read activations as they are.</summary>
    private void Request(in Operand operand, Weight weight)
    {
        if (CpuWeight.Newest(weight).Kernel.Input is { } form)
            inputs.Request(operand, form);
    }

    private MatrixTask Product(in Operand operand, Weight weight, float* y, long yStride)
    {
        var own = CpuWeight.Of(weight);
        var prepared = own.Kernel.Input is { } form ? inputs.Get(inputs.Request(operand, form)) : operand;
        return new MatrixTask { Kernel = own.Kernel, Weight = own.Matrix, Operand = prepared, Y = y, YStride = yStride };
    }

    /// <summary>Zeros what lies between a term's rank and the width of its rows; returns where the next term's rows begin.</summary>
    private static float* Clear(in LowRankTerm term, float* at)
    {
        int rank = term.Down.Rows, width = term.Up.Cols;
        for (int r = 0; r < term.Rows; r++, at += width)
            new Span<float>(at + rank, width - rank).Clear();
        return at;
    }

    private static void Check(CpuTensor x, in LowRankTerm term)
    {
        if (term.Down.Cols != x.Cols || term.Up.Cols < term.Down.Rows || term.Up.Rows != term.Output.Cols ||
            term.FirstRow < 0 || term.FirstRow + term.Rows > Math.Min(x.Rows, term.Output.Rows))
        {
            throw new ArgumentException(
                $"a term of {term.Up.Rows} x {term.Up.Cols} times {term.Down.Rows} x {term.Down.Cols} for {term.Rows} rows takes no input of " +
                $"{x.Rows} x {x.Cols} to an output of {term.Output.Rows} x {term.Output.Cols}");
        }
    }
}
