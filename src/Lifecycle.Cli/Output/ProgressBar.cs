using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Lifecycle.Cli.Output;

/// <summary>A bar with percentage, rate and time left, drawn where a person sees it.</summary>
internal static class ProgressBar
{
    /// <summary>Shows a bar while <paramref name="work"/> runs, which is given what draws a new state.</summary>
    public static Task<T> ShowAsync<T>(
        TextWriter writer, string title, string unit, Func<Action<ProgressState>, Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        var (rate, left) = ("", "");
        return console.Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
                new TextColumn(() => rate), new TextColumn(() => left))
            .StartAsync(context =>
            {
                var task = context.AddTask(Markup.Escape(title), maxValue: 1);
                return work(state =>
                {
                    task.IsIndeterminate = state.Total is null;
                    task.MaxValue = Math.Max(1, state.Total ?? long.MaxValue);
                    task.Value = state.Done;
                    rate = string.Create(CultureInfo.InvariantCulture, $"{state.PerSecond:N0} {unit}/s");
                    left = state.Left is { } time ? $"{time:h\\:mm\\:ss} left" : "";
                });
            });
    }

    private sealed class TextColumn(Func<string> text) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(text());
    }
}
