using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.Cli.Flags;
using Sluice.Cli.Json;
using Sluice.Cli.Streams;
using Sluice.Pipe.Estimates;

namespace Sluice.Cli.Pipes;

/// <summary>Shows what a run would come to.</summary>
/// <param name="isExact">Whether prompts were counted by the model's own tokenizer.</param>
internal sealed class EstimateReport(Terminal terminal, Redactor redactor, bool isExact)
{
    private const int LongestQuestion = 400;

    /// <summary>A table on standard error.</summary>
    public void Show(Estimate estimate)
    {
        Survey survey = estimate.Survey;
        terminal.Say(estimate.Sampled == 0 ? "dry run: nothing was asked" : $"{estimate.Sampled} records were asked about" +
            (estimate.SampleFailed > 0 ? $", of which {estimate.SampleFailed} failed" : ""));
        Row("records", Count(survey.Records) + Others(survey));
        Row("to be asked", $"{Count(survey.ToAsk)} in {Count(survey.Calls)} calls");
        Row("prompt tokens", Text(estimate.PromptTokens, Count) + (isExact ? ", by the model's tokenizer"
            : estimate.AnswerTokens is null ? ", estimated from their bytes" : ""));
        Row("answer tokens", estimate.AnswerTokens is { } answers ? Text(answers, Count) : "not known: --sample N asks some");
        Row("price", estimate.Cost is not { } cost ? "not known: --price IN,OUT says what tokens cost"
            : estimate.AnswerTokens is null ? $"{Money(cost.Value)} USD for the prompts alone" : $"{Text(cost, Money)} USD");
        Row("time", estimate.Seconds is not { } seconds ? "not known: --sample N asks some"
            : estimate.AnswerTokens is null ? $"at least {Time(seconds.Value)}, by the rates" : Text(seconds, Time));
        if (survey.First is { } first)
            Row("first question", Shorten(redactor.Clean(Encoding.UTF8.GetString(first.Body.Span))));
    }

    /// <summary>One JSON object on standard output. Figures that are not known are null.</summary>
    public void Write(Estimate estimate) => terminal.Write(redactor.Clean(JsonText.Write(writer =>
    {
        Survey survey = estimate.Survey;
        writer.WriteStartObject();
        writer.WriteNumber("records", survey.Records);
        writer.WriteNumber("blank", survey.Blank);
        writer.WriteNumber("impossible", survey.Impossible);
        writer.WriteNumber("journaled", survey.Journaled);
        writer.WriteNumber("shared", survey.Shared);
        writer.WriteNumber("to_ask", survey.ToAsk);
        writer.WriteNumber("calls", survey.Calls);
        writer.WriteNumber("sampled", estimate.Sampled);
        writer.WriteNumber("sample_failed", estimate.SampleFailed);
        writer.WriteBoolean("prompt_tokens_exact", isExact);
        Write(writer, "prompt_tokens", estimate.PromptTokens, 0);
        Write(writer, "answer_tokens", estimate.AnswerTokens, 0);
        Write(writer, "cost_usd", estimate.Cost, 6);
        Write(writer, "seconds", estimate.Seconds, 3);
        if (survey.First is { } first)
        {
            writer.WritePropertyName("first_question");
            writer.WriteRawValue(Encoding.UTF8.GetString(first.Body.Span));
        }
        writer.WriteEndObject();
    })) + "\n");

    private static void Write(Utf8JsonWriter writer, string name, Interval? interval, int digits)
    {
        if (interval is not { } known)
        {
            writer.WriteNull(name);
            return;
        }
        writer.WriteStartObject(name);
        writer.WriteNumber("low", Math.Round(known.Low, digits));
        writer.WriteNumber("value", Math.Round(known.Value, digits));
        writer.WriteNumber("high", Math.Round(known.High, digits));
        writer.WriteEndObject();
    }

    private void Row(string name, string value) => terminal.Error.WriteLine($"  {name,-15} {value}");

    private static string Others(Survey survey)
    {
        var others = new List<string>();
        foreach (var (count, what) in new[]
        {
            (survey.Blank, "blank"), (survey.Impossible, "that cannot be asked about"), (survey.Journaled, "in the journal"),
            (survey.Shared, "like another"),
        })
        {
            if (count > 0)
                others.Add($"{Count(count)} {what}");
        }
        return others.Count == 0 ? "" : $": {string.Join(", ", others)}";
    }

    private static string Text(Interval interval, Func<double, string> format) => interval.Low == interval.High
        ? format(interval.Value) : $"{format(interval.Value)} ({format(interval.Low)} to {format(interval.High)})";

    private static string Count(double count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Money(double usd) => usd.ToString("0.0000##", CultureInfo.InvariantCulture);

    private static string Time(double seconds) => Duration.Format(TimeSpan.FromSeconds(seconds));

    private static string Shorten(string text) =>
        text.Length <= LongestQuestion ? text : string.Concat(text.AsSpan(0, LongestQuestion), "…");
}
