using PerfPortal.Domain.Settings;
using PerfPortal.Server.Models;
using PerfPortal.Server.Pages.Models;
using Xunit;

namespace PerfPortal.Tests.Pages.Models;

public sealed class DownloadFormTests
{
    private static readonly ModelPlaces Places = new(new ModelOptions { Directories = ["/srv/models"] }, "/srv/portal");
    private static readonly SourceRules Open = new(() => true);

    [Fact]
    public void A_repository_goes_to_the_download_directory_under_its_name_unless_something_else_is_said()
    {
        var order = new DownloadForm { Repository = " org/tiny " }.Build(Places, Open)!;
        Assert.Equal(("org/tiny", "main", "org/tiny", Places.Downloads), (order.Repository, order.Revision, order.Name, order.Place));
        var other = new DownloadForm { Repository = "org/tiny", Revision = "v2", Directory = "/srv/models", Name = "mine" }.Build(Places, Open)!;
        Assert.Equal(("v2", "mine", "/srv/models"), (other.Revision, other.Name, other.Place));
    }

    [Fact]
    public void An_address_is_a_single_file_with_its_hash()
    {
        string hash = new('a', 64);
        var order = new DownloadForm { IsFromHub = false, Repository = "left/over", Url = "http://127.0.0.1:8000/tiny.gguf", Sha256 = hash }.Build(Places, Open)!;
        var file = Assert.Single(order.Files);
        Assert.Equal(("tiny", null, "tiny.gguf", hash), (order.Name, order.Repository, file.Path, file.Sha256));
    }

    [Fact]
    public void Mistakes_are_told_beside_their_field_in_the_words_of_the_form()
    {
        var hub = new DownloadForm { Name = "../up" };
        Assert.Null(hub.Build(Places, Open));
        Assert.Equal("Enter a repository, such as org/name.", hub.Error("/repository"));
        Assert.StartsWith("Enter 1 or 2 parts", hub.Error("/name"), StringComparison.Ordinal);

        var address = new DownloadForm { IsFromHub = false, Url = "ftp://x/y", Sha256 = "12", Directory = "/etc" };
        Assert.Null(address.Build(Places, Open));
        Assert.Equal("Enter an address that begins with http:// or https://.", address.Error("/url"));
        Assert.Equal("Enter 64 hexadecimal digits, or nothing.", address.Error("/sha256"));
        Assert.Equal("Choose one of the directories of models.", address.Error("/directory"));
        Assert.Null(address.OtherError);
        address.Refuse([new("The disk is full.", "")]);
        Assert.Equal("The disk is full.", address.OtherError);
    }

    [Fact]
    public void A_private_address_is_refused_at_once_with_the_setting_that_would_allow_it()
    {
        var form = new DownloadForm { IsFromHub = false, Url = "http://192.168.1.5/tiny.gguf" };
        Assert.Null(form.Build(Places, new(() => false)));
        Assert.Equal("192.168.1.5 is a private address, which is not allowed as a source of downloads. To allow it, set PerfPortal:Models:AllowPrivateSources to true.", form.Error("/url"));
    }
}
