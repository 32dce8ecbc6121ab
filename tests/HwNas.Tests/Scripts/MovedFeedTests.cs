using System.Diagnostics;
using System.IO.Compression;
using HwNas.Tests.Support;

namespace HwNas.Tests.Scripts;

/// <summary>
/// Feeds move on: versions go, newer ones come. A clone with the repository's own settings and set-up, one library, one
/// program, and a folder as its feed; the SDK is real, and nothing is asked of the network.
/// </summary>
public sealed class MovedFeedTests : IDisposable
{
    private const string Package = "HwNas.Moved";

    private readonly DirectoryInfo _clone = Directory.CreateTempSubdirectory("hwnas-feed-");

    public MovedFeedTests()
    {
        foreach (var file in new[]
        {
            "eng/setup.sh", "eng/patiently.sh", "eng/BannedSymbols.txt", "Directory.Build.props", "Directory.Packages.props",
            "global.json",
        })
        {
            Write(file, File.ReadAllText(Path.Combine(Repository.Root, file)));
        }

        // Asks for 1.0.0, everywhere else it is the repository's file.
        Write("Directory.Packages.props", Read("Directory.Packages.props").Replace(
            "</Project>",
            $"<ItemGroup><PackageVersion Include=\"{Package}\" Version=\"1.0.0\" /></ItemGroup></Project>",
            StringComparison.Ordinal));
        Write("src/Library/Library.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <ItemGroup><PackageReference Include="{Package}" /></ItemGroup>
            </Project>
            """);
        Write("src/Program/Program.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><NoWarn>$(NoWarn);CS1591</NoWarn></PropertyGroup>
              <ItemGroup><ProjectReference Include="../Library/Library.csproj" /></ItemGroup>
            </Project>
            """);
        Write("src/Program/Program.cs", "System.Console.WriteLine();\n");
        const string CSharp = "{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}";
        Write("HwNas.sln", $$"""
            Microsoft Visual Studio Solution File, Format Version 12.00
            Project("{{CSharp}}") = "Library", "src/Library/Library.csproj", "{11111111-1111-1111-1111-111111111111}"
            EndProject
            Project("{{CSharp}}") = "Program", "src/Program/Program.csproj", "{22222222-2222-2222-2222-222222222222}"
            EndProject
            Global
              GlobalSection(SolutionConfigurationPlatforms) = preSolution
                Release|Any CPU = Release|Any CPU
              EndGlobalSection
              GlobalSection(ProjectConfigurationPlatforms) = postSolution
                {11111111-1111-1111-1111-111111111111}.Release|Any CPU.ActiveCfg = Release|Any CPU
                {11111111-1111-1111-1111-111111111111}.Release|Any CPU.Build.0 = Release|Any CPU
                {22222222-2222-2222-2222-222222222222}.Release|Any CPU.ActiveCfg = Release|Any CPU
                {22222222-2222-2222-2222-222222222222}.Release|Any CPU.Build.0 = Release|Any CPU
              EndGlobalSection
            EndGlobal
            """);
        // The analyzers come from where this very build restored them to. Two sources, as many machines have.
        Write("nuget.config", $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <fallbackPackageFolders><clear /><add key="restored" value="{RestoredPackages()}" /></fallbackPackageFolders>
              <packageSources><clear /><add key="first" value="feed" /><add key="second" value="empty" /></packageSources>
            </configuration>
            """);
        Directory.CreateDirectory(Path.Combine(_clone.FullName, "empty"));
        Directory.CreateDirectory(Path.Combine(_clone.FullName, "feed"));
        // Debian's part of the set-up is tested elsewhere.
        Write("tools/dpkg-query", "#!/bin/sh\necho installed\n");
        if (!OperatingSystem.IsWindows())
        {
            foreach (var program in new[] { "tools/dpkg-query", "eng/setup.sh" })
            {
                File.SetUnixFileMode(
                    Path.Combine(_clone.FullName, program),
                    UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }

    public void Dispose() => _clone.Delete(recursive: true);

    [Theory]
    [InlineData(false, "build HwNas.sln -c Release --no-restore")]
    [InlineData(
        true, "build src/Program -c Release --force", "publish src/Program -c Release --no-self-contained --use-current-runtime")]
    public void A_newer_version_in_place_of_a_lost_one_is_a_line_and_everything_builds(bool ci, params string[] builds)
    {
        Serve("1.0.1");

        var (setup, said) = Run(ci, "eng/setup.sh");
        Assert.True(setup == 0, said);
        Assert.Contains($"setup: {Package} 1.0.0 is no longer served; 1.0.1 takes its place", said.Split('\n'));

        // As the scripts build, as a person builds, and a program for one platform.
        foreach (var build in builds)
        {
            var (code, output) = Run(ci, "dotnet", build.Split(' '));
            Assert.True(code == 0, output);
        }
    }

    [Fact]
    public void A_package_of_which_nothing_new_enough_is_served_ends_the_set_up_with_its_name_and_the_sources()
    {
        Serve("0.9.0");
        var (code, said) = Run(ci: false, "eng/setup.sh");
        Assert.Equal(2, code);
        Assert.Contains(
            $"setup: no NuGet source serves {Package} >= 1.0.0. Sources: {Path.Combine(_clone.FullName, "feed")}", said);
    }

    private (int Code, string Output) Run(bool ci, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            program.Contains('/', StringComparison.Ordinal) ? Path.Combine(_clone.FullName, program) : program, arguments)
        {
            WorkingDirectory = _clone.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{Path.Combine(_clone.FullName, "tools")}:{start.Environment["PATH"]}";
        start.Environment["CI"] = ci ? "true" : "";
        // The test platform's own settings must not reach the builds, nor theirs the servers of other builds.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment.Remove("NUGET_PACKAGES");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    /// <summary>Puts a package without content into the feed.</summary>
    private void Serve(string version)
    {
        using var package = ZipFile.Open(
            Path.Combine(_clone.FullName, "feed", $"{Package}.{version}.nupkg"), ZipArchiveMode.Create);
        using var description = new StreamWriter(package.CreateEntry($"{Package}.nuspec").Open());
        description.Write($"""
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
              <metadata>
                <id>{Package}</id><version>{version}</version><authors>tests</authors><description>None.</description>
              </metadata>
            </package>
            """);
    }

    /// <summary>The folder that the packages of this build were restored to.</summary>
    private static string RestoredPackages() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private string Read(string file) => File.ReadAllText(Path.Combine(_clone.FullName, file));

    private void Write(string file, string text)
    {
        var path = Path.Combine(_clone.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
