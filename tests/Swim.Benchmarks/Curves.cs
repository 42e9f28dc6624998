using System.Globalization;
using ScottPlot;

namespace Swim.Benchmarks;

/// <summary>Draws the time of an operation against the number of members, both by powers of ten.</summary>
internal static class Curves
{
    public static void Draw(string file, IEnumerable<(string Work, int Members, double Nanoseconds)> points)
    {
        using var plot = new Plot();
        plot.Title("Time of an operation", 15);
        plot.XLabel("members");
        plot.YLabel("nanoseconds");

        foreach (var work in points.GroupBy(point => point.Work))
        {
            double[] members = [.. work.Select(point => Math.Log10(point.Members))];
            double[] times = [.. work.Select(point => Math.Log10(point.Nanoseconds))];
            var curve = plot.Add.Scatter(members, times);
            curve.LegendText = work.Key;
            curve.LineWidth = 2;
        }

        plot.Axes.Bottom.TickGenerator = PowersOfTen();
        plot.Axes.Left.TickGenerator = PowersOfTen();
        plot.ShowLegend(Edge.Right);
        plot.SaveSvg(file, 900, 520);
    }

    private static ScottPlot.TickGenerators.NumericAutomatic PowersOfTen() =>
        new()
        {
            IntegerTicksOnly = true,
            LabelFormatter = power => Math.Pow(10, power).ToString("N0", CultureInfo.InvariantCulture),
        };
}
