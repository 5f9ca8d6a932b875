using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Sluice.Server.Access;
using Sluice.Server.Answers;
using Sluice.Server.Endpoints;
using Sluice.Server.Errors;
using Sluice.Server.Telemetry;

namespace Sluice.Server;

/// <summary>What the server is made of, and the order in which a request passes it.</summary>
internal static class ServerComposition
{
    public static void AddSluiceServer(this IServiceCollection services, ServerOptions options, Serving serving, IReadOnlyList<Meter> meters)
    {
        services.AddRoutingCore();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(new LiveServing(serving));
        services.AddSingleton<Drain>();
        services.AddSingleton<FaultTeller>();
        services.AddSingleton<ErrorReplies>();
        services.AddSingleton<ServerMetrics>();
        services.AddSingleton(made => new PrometheusExporter([made.GetRequiredService<ServerMetrics>().Meter, .. meters]));
        services.AddSingleton<RequestSpans>();
        services.AddSingleton<AccessLog>();
        services.AddSingleton<Redactor>();
        services.AddSingleton<RequestIds>();
        services.AddSingleton<RequestMeter>();
        if (options.Otlp is { } otlp)
        {
            services.AddSingleton(made => new OtlpExport(
                otlp, made.GetRequiredService<ILogger<OtlpExport>>(), made.GetRequiredService<TimeProvider>()));
        }
        services.AddSingleton<AnswerHandler>();
        services.AddSingleton<TokenCountHandler>();
        services.AddSingleton<EmbeddingHandler>();
        services.AddSingleton<ScoringHandler>();
        services.AddSingleton<AdapterHandler>();
    }

    public static void UseSluiceServer(this WebApplication app)
    {
        IServiceProvider services = app.Services;
        app.UseRouting();
        app.Use(services.GetRequiredService<RequestIds>().InvokeAsync);
        app.Use(services.GetRequiredService<RequestMeter>().InvokeAsync);
        app.Use(services.GetRequiredService<ErrorReplies>().InvokeAsync);
        app.Use(KeyCheck.InvokeAsync);

        var answers = services.GetRequiredService<AnswerHandler>();
        ChatCompletions.Map(app, answers);
        Completions.Map(app, answers);
        Messages.Map(app, answers, services.GetRequiredService<TokenCountHandler>());
        Embeddings.Map(app, services.GetRequiredService<EmbeddingHandler>());
        Classify.Map(app, services.GetRequiredService<ScoringHandler>());
        Adapters.Map(app, services.GetRequiredService<AdapterHandler>());
        Endpoints.Models.Map(app);
        Health.Map(app, services.GetRequiredService<Drain>());
        var options = services.GetRequiredService<ServerOptions>();
        if (options.Metrics)
            Metrics.Map(app, services.GetRequiredService<PrometheusExporter>());
        if (options.Otlp is not null)
            services.GetRequiredService<OtlpExport>();
    }
}
