using System.ComponentModel;
using System.Diagnostics;

namespace Peregrine.App.CommandLine;

/// <summary>Shows a page in the desktop's browser, where there is one.</summary>
internal static class Browser
{
    public static void Open(string path, Terminal terminal)
    {
        if (Environment.GetEnvironmentVariable("DISPLAY") is null && Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is null)
        {
            return;
        }

        try
        {
            using Process? process = Process.Start(new ProcessStartInfo("xdg-open", path) { RedirectStandardError = true, RedirectStandardOutput = true });
        }
        catch (Win32Exception)
        {
            terminal.Say($"No browser could be started; open {path} yourself.");
        }
    }
}
