namespace PerfPortal.Domain.Statistics.Anomalies;

/// <summary>The Cholesky factor of a symmetric positive definite matrix (Golub and Van Loan, "Matrix Computations", algorithm 4.2.1).</summary>
internal sealed class CholeskyFactor
{
    private readonly double[,] _lower;

    /// <summary>Factors a matrix, of which the lower half is read.</summary>
    public CholeskyFactor(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        _lower = new double[n, n];
        for (int j = 0; j < n; j++)
        {
            for (int i = j; i < n; i++)
            {
                double sum = matrix[i, j];
                for (int k = 0; k < j; k++)
                {
                    sum -= _lower[i, k] * _lower[j, k];
                }

                _lower[i, j] = i == j ? Math.Sqrt(sum) : sum / _lower[j, j];
            }
        }
    }

    /// <summary>Solves the system in place: on return the span holds x of A · x = b.</summary>
    public void Solve(Span<double> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            for (int k = 0; k < i; k++)
            {
                values[i] -= _lower[i, k] * values[k];
            }

            values[i] /= _lower[i, i];
        }

        for (int i = values.Length - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < values.Length; k++)
            {
                values[i] -= _lower[k, i] * values[k];
            }

            values[i] /= _lower[i, i];
        }
    }
}
