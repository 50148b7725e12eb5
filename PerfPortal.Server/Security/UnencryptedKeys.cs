using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace PerfPortal.Server.Security;

/// <summary>
/// Stores the keys that protect sessions as they are: the permissions of their folder protect them. A secret to encrypt them with would have to be stored
/// beside them. Without an encryptor the framework logs a warning whenever it creates a key.
/// </summary>
internal sealed class UnencryptedKeys : IXmlEncryptor
{
    /// <inheritdoc/>
    public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(new XElement("unencryptedKey", plaintextElement), typeof(NullXmlDecryptor));
}
