using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace PerfPortal.Server.Security;

/// <summary>
/// Stores the data protection keys unencrypted; the permissions of their directory protect them. An encryption secret would have to be stored
/// next to them. Without an encryptor the framework logs a warning whenever it creates a key.
/// </summary>
internal sealed class UnencryptedKeys : IXmlEncryptor
{
    /// <inheritdoc/>
    public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(new XElement("unencryptedKey", plaintextElement), typeof(NullXmlDecryptor));
}
