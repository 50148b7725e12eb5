using System.IO.Compression;

namespace PerfPortal.Tests.Models.Health;

/// <summary>Small files that PyTorch 1.13.1 and onnx 1.12.0 of Debian 12 wrote.</summary>
internal static class WrittenFiles
{
    /// <summary><c>torch.save</c> of an ordered dictionary of two tensors: three floats (0, 1, 2) and two 64-bit integers (1, 2).</summary>
    public static byte[] Archive => Unpack(
        "H4sIAAAAAAACA5VTvU7CUBi9baFgRUAUR+OIifIjDm6axnS5JlaMCXEhpTS0saF87YWZhcHVycH4FC4mPoCrD+DkG2ji7O0PpL2EqDe5/XLbc853er5WxUIKoWwWLawiKiHN1U1rbNR6GtGqwxtbkfPoOrEmvK47tm3oxHIGnnTu9gzX6J1a" +
        "OpEA7baAq7Q5KqYBrxOHqlU7I2LZntRxje7IsnsdYgw8x+2MDyQQKpV2hoI9itT6BqRCiqTYjkYuw5sSpAPBOohtgVZ9OIIMFghkLzDCwhRWMDcF6db0m68SyLVgLSB0IW/SBuZM9MwZ9OeahQDSgKKZwTyBdV+Ln0LJ19oItTYJlFuwNaqq" +
        "OJO9L388fVKGv9WlCeaZBGv1xfxC5OSYXk585eHLaz1HD7lflI+Syg1FPmSU/7a4SJGPqu/h+f2bTh8Fe7mHAmrOPYwN16PzV+Taf000Jb/j22P/io9cqJgLzMx6xrMuLrhgv1CWHc8zn2DKHGKmw3LjOSS5Dyy3wXLjb1RIcHd4xOamYlHc" +
        "ix5vC/tzaIqpX1G942fDEv3/BU2F8MwF99JiyEkF+BD7Azrvgq3nAwAA");

    /// <summary>The same in the format before PyTorch 1.6.</summary>
    public static byte[] Old => Unpack(
        "H4sIAAAAAAACA1WQO0/DMBDHEyd9YCiUp8TGGJaqdAA6wYC6hGdZvKAoTazGyIp7iVMJpEpdKgGfgQ/AV+MjIDFw7gvVw1l3vvv9/74x+aDy97Pzc/T8dX/YGJObbwfjCCyP1S3LGmRKq0jJYMizXKgUbGxgNXyRQmvJA57GIkyBvDGKRf0y" +
        "4EEuXnkOzghcj5WwmCcq01DyCXMwE6mGsu8y1zBU2oeK7xYFakYoI3mkUSWnd1nMMx5fiUhTsI67YHvMxokQSKRVFiWNoNBC5jTIeK8QMg40T3OVBcMWBcfzWMUIY2fY5+DORmhHqlA/zooUSqyKPe2T0/Nmu92C8tRdNCjQkHOrofrgW74z" +
        "gTXfngB9T4yJdQ0bXahNnfRgM0GhZAG/xr8s2VtLduus1YR6UvEJMrcNk0xgxzB3Z8w9DftdODAbeDJbXzFlr3IIbxiT/2d8geGSzDN7fi/yPwlwOQ7dAQAA");

    /// <summary>The same in that format, with the pickle protocol 4.</summary>
    public static byte[] OldProtocol4 => Unpack(
        "H4sIAAAAAAACA12PvUoDQRSFsz/BmBgQO7GxXJsQt1BTaSFp1t/Y2Miw2R0yI8NOmJkNKAhpAirT5abzAXwtSx9BsPAmjhhyi5k5l3O/M3cczpqV33qti++37tfu/fvVdmsczkLXP/8M5vLWySeI7OZQSSMzKciIKs1lAWiyTcGNEZTQIudp" +
        "Ac+2bh6GlGj+SDXMx6qaSWUg8W3AC7xDGwpZDPBRlvOIDxdhG4gWNDNI1mAblyqniuanPDMwhb0eorwU7IaRKmMtUhou0LZFFO2XXOTE0EJLRUYxuqPIrmk0pgMKtrqYwMmukKm5ce0p2Fpn/+Co3enEYINsWEISXBi4TipJMIHEm8AL8zHW" +
        "QA+s1we2FkWsxtZt4wy/v4qJD+M2sGbiO4S/iljsuuN2vcNlltL/CbQVVJZrfIzHie+U5+4//QM6dH/YyAEAAA==");

    /// <summary>An archive whose entries have names of more than 100 characters, as they begin with that of the file.</summary>
    public static byte[] LongName => Unpack(
        "H4sIAAAAAAACA7WTTUvDMBjH03Yvtb4cxLPniXaLe1ERplBklx6cE2F4WNZ1YesMbdOkkx2EXRT8EoJevPhl9OinMV1l7AUFkQbSf/PkeZJf/0nrppICQFXBUmsDAwShi4qwWNJhWYcVRIIqzEMI91GHVUtFHfue3a9GAZHCOPajd1iuHBwe" +
        "6UOLIOIxJirEbFm/xU6vz5nuuWRU6Frcyvs3pGacgOt/tbF8R0FTErwWlWzuBXY/j0LuEKahAHdCh3QRxy7zAjQsalTO5ZpZkcxEptXDVIlLtBrxLH4ZBzWamiwIabqpCLX9kGZMidPshQlM6Z6q0WPl0bY9QrDNHc9l2nnQxQHunjk216i2" +
        "06CrnK416DrL182s+nnceXgRS0W9/qPjLbCZqOMFWDM2FvwGYHwaEQ4Gz28CC6R+JUSgkBjhEAdMWFkzdv9yJUpaRP/+1LuSBZ88oZcimfLPet9e+qKkb/gizazPrXkSCSR8+osss66hOZYtGSR9znUzk9n73m5b0adbKwv6KsX6Iccq6qIf" +
        "GIxS8ViaxNKZuEaZ5Me5X3g6zHzbBAAA");

    /// <summary><c>torch.package</c>: an archive without <c>data.pkl</c>.</summary>
    public static byte[] Package => Unpack(
        "H4sIAAAAAAACA52TP0/CQBTAry2UWiQxMUhiiKyYaBFIdDQhpksHEY0hLE29XuTPQbn2IDqYsDi4OTiyOLi5+THc/Ap+AL+CVw5JW/4YfUnv5S7v/d7fVg0pBoCigDnJgCToW7BjXaOCZlvUKhxoHnVcdtcrCdDgAsDouGoklHb7+ZWBgP9V" +
        "VzCPZsyuYyPMT63fwXql/MP8i4ykOwLqAmNbRIAsPdjUzAFtYU81XXQ1aGHbpKjnOa45LKlEzOfrCWY8LYRI3EXVsWPRc/6okpgB6hKzgv0BiRsCJfKZAQzhniT8Q3mA0MEYQdpyep566trIRfZJC1KVrO3WiEpJskbWPc3vy/tL93HMUOOV" +
        "fcmC7Uiv0Q1Fbs9k7Rlg5OmVrSXNCVXMawkm56cA31KNHAuS+yWFTCSF/i1tOj1ziFyPsfTK5qIUylqxqJX8MGqq/CkzkLwyTDqwATzMjP+v+R9OSnxqb+RFRhcnsQVfzaIHNzMzl8+SDY9CgmMMQy4CkMhKRyHBQWRDECyAlfOPkoK9DpO+" +
        "5kjhMUZJwc6lQ6RLESyeVNWQ5b2p0Y60P3OIR7QlcP0hcs38/F8PlGP8Lkze4jL3iU/sue03ZFGWepUEAAA=");

    /// <summary><c>torch.onnx.export</c> of a loop with a condition, so of graphs in graphs.</summary>
    public static byte[] Loop => Unpack(
        "H4sIAAAAAAACA31U3Y7SUBCmP9DTQVgYNxvSbAxpYmJ6QTndaOJf/OHCsNEL9Y6bhtJDYGVbAqdmeQkfwfAQvoN3PoCv4Et42lJaoMrFZGaYv++bMyUaassND1eTmVGjPXrV6z/7rsMLRHsQBms+DrgbRnwZcbdv6HufSTLNakP163gRMava" +
        "0q8laSup8I2AEvQolNQA5a5HUd30KDWq9vswXJpqLK3fGqhe6G+cXxoMQAQ4T/G+/Yn50YR9jm7zISB3mvpetc6AfGFs6c9v153KVpJhgOd5e5rn1wveAozzDAZpSddqRfxiJB+hbAYorYxt+92KjTlb5c1I5jK1nQLP4TQOm/ZgvC4wXU1s" +
        "U42lpYPMw44eg/qjwFEo3rOH0zxREZYpD6fWHdT5jAWutxoHk5kzhYcpqekCGvYb38+z1Ng0FSEQkrfg3sy541E4jMMuPCASGtDBC+E/+M8VzLv9rVS1fspQZ4s1y1r/ONqFU7oL53+7eB3v4skOQGkpgehDtCgiEqapCAEUlLmA3Ep5K7wE" +
        "bec5oFmKaX4Fh+XgJBnPEvSFarXUcczilfcYjmPRhK7g8RIM7GQ80lMm4WXZBYnLHPos4HO+KV5m5jNJphWGoKNGSkINVKJhZdQEdRIGfmLrwsbdxQEQMZgKMlG8SyjplGV4j+Dg4WEHLkQmQgub8T3HB74Hgvp+klE7fYCFRvFsQT6b14Xk" +
        "8/Dvim/lVuMvV1D7tLgEAAA=");

    /// <summary><c>onnx.helper</c>: a model with a function and left out inputs.</summary>
    public static byte[] Function => Unpack(
        "H4sIAAAAAAACA12PMU7DQBBF928ss/lKYFnKdFtuwQFWQrFcUFikiJtgOgcBihTjwrZidzmK78AtOBXrFCAx0kzxNXrzRin/Bd4Rz8TOoLDR0+Ez97IamBMFhcHWCDt7rGtHokyQyBFXThPvD0Kc12GIZETs5kRj0Y6YuSVl02ToMwwjlJ+X" +
        "h/vXrmnryuDDrZRUUiPFLtMTQPzWef0yiZhrLhSMYtibeh/C4n+YRhT6Jo0ZTANsyb8jGt/wvPxh0VucHAZ/S/TEyaCy8aZsN93RL4ggNNgofzt22YWXB9oPq3JySRIBAAA=");

    private static byte[] Unpack(string text)
    {
        using var packed = new GZipStream(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        packed.CopyTo(bytes);
        return bytes.ToArray();
    }
}
